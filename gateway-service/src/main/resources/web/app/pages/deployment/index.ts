import '../../shared';
import { LitElement, html, nothing } from 'lit';
import type { Accepted, ActionError } from '../../../client';
import { needed, type Deployment } from '../../../progress/model';
import { Progress } from '../../../progress/progress';
import { wear } from '../../look/wear';
import { toast } from '../../shell/announcer';
import '../../shell/confirm';
import type { Confirm } from '../../shell/confirm';
import { saver } from '../../shell/saver';
import { session } from '../../shell/session';
import { setNotice, setTitle } from '../../shell/title';
import { t } from '../../words';
import { ago } from '../../words/format';
import { names } from '../../words/names';
import { decided } from './asking';
import { styles } from './styles';

wear(styles);

if (!customElements.get('offshoot-progress')) {
  customElements.define('offshoot-progress', Progress);
}

/** One deployment: where it is, what failed, what now. */
class DeploymentPage extends LitElement {
  static override properties = {
    params: { attribute: false },
    view: { state: true },
    refused: { state: true },
    failed: { state: true },
    busy: { state: true },
  };

  declare params: { id: string };
  declare view?: Deployment;
  /** Why the deployment cannot be shown. */
  declare refused?: ActionError;
  /** Why what was asked for was not done. */
  declare failed?: unknown;
  declare busy: boolean;
  readonly #changed = () => {
    if (!session.refused) {
      this.refused = undefined;
      this.querySelector<Progress>('offshoot-progress')?.restart();
    }
    this.requestUpdate();
  };

  constructor() {
    super();
    this.busy = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    setTitle(t('deployment.title'));
    session.addEventListener('change', this.#changed);
    saver.addEventListener('change', this.#changed);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener('change', this.#changed);
    saver.removeEventListener('change', this.#changed);
  }

  #take(view: Deployment): void {
    const before = this.view;
    this.view = view;
    const named = names(view.apps.map((it) => it.appId));
    if (!before) {
      setTitle(named);
      void import('./rest');
    } else if (needed(view).length > needed(before).length) {
      setNotice(t('deployment.needs_you'));
    } else if (before.status === 'running' && view.status !== 'running') {
      setNotice(t(view.status === 'done' ? 'deployment.finished' : 'deployment.stopped'));
    }
  }

  async #ask(request: Promise<Accepted>, said: string): Promise<void> {
    this.busy = true;
    this.failed = undefined;
    try {
      await decided(await request);
      toast(said);
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  async #cancel(): Promise<void> {
    if (await this.querySelector<Confirm>('offshoot-confirm.cancel')!.ask()) {
      await this.#ask(session.client.cancel(this.params.id), t('deployment.stopping'));
    }
  }

  protected override render() {
    const view = this.view;
    return html`
      <a class="back" href="/">‹ ${t('deployment.back')}</a>
      ${view
        ? html`
            <div class="title">
              <h1>${names(view.apps.map((it) => it.appId))}</h1>
              <span class="small">${t('deployment.created', { workflow: view.workflow, when: ago(view.createdAt) })}</span>
            </div>
            <p class="lead">${t(needed(view).length ? 'deployment.lead_you' : `deployment.lead_${view.status}`)}</p>`
        : html`<h1>${t('deployment.title')}</h1>`}
      ${this.refused && !session.refused && !view
        ? html`<offshoot-problem .error=${this.refused} .retry=${this.#changed}></offshoot-problem>`
        : nothing}
      <offshoot-problem .error=${this.failed}></offshoot-problem>
      ${view ? this.#now(view) : nothing}
      <offshoot-progress .client=${session.client} deployment=${this.params.id} ?sparing=${saver.on} ?hidden=${this.refused && !view}
        @offshoot-view=${(event: CustomEvent<Deployment>) => this.#take(event.detail)}
        @offshoot-refused=${(event: CustomEvent<ActionError>) => (this.refused = event.detail)}></offshoot-progress>
      ${view ? this.#rest(view) : nothing}`;
  }

  /** The one thing that is likely to be wanted now. */
  #now(view: Deployment) {
    const client = session.client;
    const id = this.params.id;
    const failed = view.apps.some((app) => app.actions.some((it) => ['FAILED', 'CANCELLED'].includes(it.state)));
    switch (view.status) {
      case 'idle': {
        const begun = view.apps.some((app) => app.actions.some((it) => it.status !== 'idle'));
        return html`<button class="main" ?disabled=${this.busy} @click=${() => this.#ask(client.run(id), t('deployment.asked'))}>
          ${t(begun ? 'deployment.rest' : 'deployment.deploy')}
        </button>`;
      }
      case 'error':
        return failed
          ? html`<button class="main" ?disabled=${this.busy} @click=${() => this.#ask(client.resume(id), t('deployment.asked'))}>
              ${t('deployment.resume')}
            </button>`
          : nothing;
      default:
        return nothing;
    }
  }

  #rest(view: Deployment) {
    const resting = view.status !== 'running';
    const stamp = resting ? String(view.seq) : '';
    const begun = view.apps.filter((app) => app.actions.some((it) => it.attempt > 0));
    return html`
      <div class="rest">
        ${resting
          ? nothing
          : html`<p><button class="danger" ?disabled=${this.busy} @click=${() => this.#cancel()}>${t('deployment.cancel')}</button></p>
              <offshoot-confirm class="cancel" heading=${t('deployment.cancel_title')} detail=${t('deployment.cancel_detail')}
                yes=${t('deployment.cancel')} no=${t('deployment.keep')}></offshoot-confirm>`}
        <offshoot-resources deployment=${view.id} stamp=${stamp}></offshoot-resources>
        <offshoot-receipt deployment=${view.id} stamp=${stamp}></offshoot-receipt>
        ${resting && begun.some((app) => app.actions.some((it) => it.status === 'done'))
          ? html`<offshoot-again .view=${view}></offshoot-again>`
          : nothing}
        ${resting && begun.length
          ? html`<offshoot-teardown deployment=${view.id} .apps=${begun.map((it) => it.appId)}></offshoot-teardown>`
          : nothing}
      </div>`;
  }
}

customElements.define('offshoot-deployment-page', DeploymentPage);
