import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { sign, situation, type Action } from '../../../progress/model';
import { remedy, situationName, stepName } from '../../../progress/steps';
import { lists } from '../../look/lists';
import { wear } from '../../look/wear';
import { saver } from '../../shell/saver';
import { session } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import { dateTime, time } from '../../words/format';
import { feed, type HubEvent } from './feed';
import { styles } from './styles';

wear(lists);
wear(styles);

/** What happens in the hub, as it happens, in plain words. */
class EventsPage extends LitElement {
  static override properties = { events: { state: true }, line: { state: true }, failed: { state: true }, asked: { state: true } };

  declare events: HubEvent[];
  /** Whether it is heard; undefined until that is known. */
  declare line?: boolean;
  declare failed?: unknown;
  /** To hear though data is saved. */
  declare asked: boolean;
  #life?: AbortController;
  readonly #look = () => this.#follow();
  readonly #signedIn = () => {
    if (!session.refused) {
      this.failed = undefined;
      this.#stop();
      this.#follow();
    }
  };

  constructor() {
    super();
    this.events = feed.events;
    this.asked = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.classList.add('hub');
    setTitle(t('events.title'));
    document.addEventListener('visibilitychange', this.#look);
    saver.addEventListener('change', this.#look);
    session.addEventListener('change', this.#signedIn);
    this.#follow();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    saver.removeEventListener('change', this.#look);
    session.removeEventListener('change', this.#signedIn);
    this.#stop();
  }

  get #sparing(): boolean {
    return saver.on && !this.asked;
  }

  /** Hears while somebody looks, unless data is saved; what happened meanwhile comes when it goes on. */
  #follow(): void {
    this.requestUpdate();
    if (document.hidden || this.#sparing || this.failed) {
      this.#stop();
    } else if (!this.#life) {
      const life = (this.#life = new AbortController());
      feed
        .hear(life.signal, (connected) => {
          if (this.#life === life) {
            this.line = connected;
            this.events = feed.events;
          }
        })
        .catch((error: unknown) => {
          this.failed = error;
          this.#stop();
        });
    }
  }

  #stop(): void {
    this.#life?.abort();
    this.#life = undefined;
    this.line = undefined;
  }

  #retry(): void {
    this.failed = undefined;
    this.#follow();
  }

  protected override render() {
    return html`
      <h1>${t('events.title')}</h1>
      <p class="small">${t('events.intro')}</p>
      <offshoot-problem .error=${this.failed} .retry=${() => this.#retry()}></offshoot-problem>
      <div role="status" class="line">${this.failed ? nothing : this.#how()}</div>
      ${this.#sparing && !this.failed
        ? html`<p><button class="main" @click=${() => this.#hear()}>${t('events.listen')}</button></p>`
        : nothing}
      ${this.events.length
        ? html`<ol class="card things feed">${repeat(this.events, (it) => it.id, (it) => this.#event(it))}</ol>`
        : this.failed
          ? nothing
          : html`<section class="card"><p class="empty">${t('events.none')}</p></section>`}`;
  }

  #hear(): void {
    this.asked = true;
    this.#follow();
  }

  #how() {
    return this.#sparing
      ? html`<span class="state idle">${t('events.sparing')}</span>`
      : this.line === undefined
        ? html`<span class="state idle">${t('events.connecting')}</span>`
        : this.line
          ? html`<span class="state done">${t('events.live')}</span>`
          : html`<span class="state running">${t('events.down')}</span>`;
  }

  #event(event: HubEvent) {
    const action = { ...event, actionId: event.stepId } as unknown as Action;
    const now = situation(action);
    const today = new Date(event.at).toDateString() === new Date().toDateString();
    return html`
      <li>
        <div class="head">
          <a class="name" href="/deployments/${event.deploymentId}">${event.appId}</a>
          <time class="small" datetime=${event.at}>${today ? time(event.at) : dateTime(event.at)}</time>
        </div>
        <p class="what">
          <span>${stepName(event.workflow, event.stepId)}</span>
          <span class="state ${sign(now)}">${event.undoing ? t('events.undoing') : situationName(now)}</span>
        </p>
        ${event.error
          ? html`<p class="small" lang="en">${event.error.message}</p>
              ${event.status === 'error' ? html`<p class="small">${t('progress.do')} ${remedy(event.error)}</p>` : nothing}`
          : nothing}
        ${event.instructions ? html`<p class="small" lang="en">${event.instructions.what}</p>` : nothing}
      </li>`;
  }
}

customElements.define('offshoot-events-page', EventsPage);
