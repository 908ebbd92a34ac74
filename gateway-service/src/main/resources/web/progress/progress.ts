import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { ActionError, createClient, type Client } from '../client';
import { t } from '../app/words';
import { ago, dateTime, duration, number } from '../app/words/format';
import { follow } from './following';
import {
  address, count, current, folded, shown, sign, situation,
  type Action, type App, type Attempt, type Deployment, type DnsRecord,
} from './model';
import { knows, remedy, situationName, stepName } from './steps';
import { styles } from './styles';

/**
 * How far a deployment has come: each app with its steps, what failed and what can be done, what a person must do. It
 * follows by itself while it is seen. Fires `offshoot-view` with the deployment as it changes, and `offshoot-refused` with
 * the error when the API refuses.
 */
export class Progress extends LitElement {
  static override properties = {
    baseUrl: { attribute: 'base-url' },
    deployment: {},
    sparing: { type: Boolean },
    readonly: { type: Boolean },
    token: { attribute: false },
    client: { attribute: false },
    view: { state: true },
    failed: { state: true },
    connected: { state: true },
    attempts: { state: true },
    asking: { state: true },
    stepFailed: { state: true },
    copied: { state: true },
    looking: { state: true },
    said: { state: true },
  };

  static override styles = styles;

  /** The gateway's address; this page's own if not set. */
  declare baseUrl?: string;
  /** The deployment's id. */
  declare deployment: string;
  /** Asks now and then instead of holding a stream open. */
  declare sparing: boolean;
  /** Shows, and offers nothing that changes anything. */
  declare readonly: boolean;
  /** The credential, or what returns it. */
  declare token?: string | (() => string | undefined);
  /** A client to use instead of one of its own. */
  declare client?: Client;

  declare view?: Deployment;
  declare failed?: ActionError;
  declare connected: boolean;
  declare attempts: Map<string, Attempt[]>;
  declare asking?: string;
  declare stepFailed?: { step: string; error: ActionError };
  declare copied?: string;
  declare looking?: string;
  declare said: string;

  #titles?: Map<string, string>;
  #following?: AbortController;
  #clock?: number;
  readonly #toggled = new Map<string, boolean>();
  readonly #seen = () => this.restart();

  constructor() {
    super();
    this.sparing = false;
    this.readonly = false;
    this.connected = true;
    this.attempts = new Map();
    this.said = '';
  }

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seen);
    addEventListener('online', this.#seen);
    addEventListener('offline', this.#seen);
    this.#clock = window.setInterval(() => {
      if (this.view?.status === 'running' && !document.hidden) {
        this.requestUpdate();
      }
    }, 1000);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seen);
    removeEventListener('online', this.#seen);
    removeEventListener('offline', this.#seen);
    clearInterval(this.#clock);
    this.#following?.abort();
  }

  protected override updated(changed: Map<string, unknown>) {
    if (['baseUrl', 'deployment', 'sparing', 'token', 'client'].some((it) => changed.has(it))) {
      this.restart();
    }
  }

  #calls(): Client {
    return (this.client ??= createClient({ baseUrl: this.baseUrl ?? location.origin, token: this.token }));
  }

  /** Begins to follow anew, such as after signing in again; stops while nobody looks, or there is no line. */
  restart(): void {
    this.#following?.abort();
    this.connected = navigator.onLine;
    if (document.hidden || !navigator.onLine || !this.deployment || !this.isConnected) {
      return;
    }
    const following = (this.#following = new AbortController());
    this.failed = undefined;
    follow({
      client: this.#calls(),
      id: this.deployment,
      sparing: this.sparing,
      signal: following.signal,
      onView: (view) => this.#take(view),
      onLine: (connected) => (this.connected = connected),
    }).catch((error: unknown) => {
      if (!following.signal.aborted && error instanceof ActionError) {
        this.failed = error;
        this.dispatchEvent(new CustomEvent('offshoot-refused', { detail: error }));
      }
    });
  }

  #take(view: Deployment): void {
    const before = this.view;
    this.view = view;
    this.#announce(before, view);
    void this.#learnTitles(view);
    this.dispatchEvent(new CustomEvent('offshoot-view', { detail: view }));
  }

  /** Says what a listener wants to know, and leaves out what only passes by. */
  #announce(before: Deployment | undefined, view: Deployment): void {
    if (!before) {
      return;
    }
    const changed = view.apps.flatMap((app, i) =>
      app.actions.filter((it, j) => {
        const was = before.apps[i]?.actions[j];
        const now = situation(it);
        return was && situation(was) !== now && ['done', 'failed', 'cancelled', 'you'].includes(now);
      }),
    );
    if (changed.length) {
      this.said = changed
        .map((it) => `${it.appId}, ${stepName(view.workflow, it.actionId, this.#titles)}: ${situationName(situation(it))}`)
        .join('. ');
    }
  }

  /** Steps that we have no words for are called as their workflow calls them. */
  async #learnTitles(view: Deployment): Promise<void> {
    const ids = view.actions.map((it) => it.id);
    if (!this.#titles && !knows(view.workflow, ids)) {
      this.#titles = new Map();
      try {
        const { actions } = await this.#calls().get('/api/v1/workflows/{id}', { path: { id: view.workflow } });
        this.#titles = new Map(actions?.map((it) => [it.id!, it.title!]));
        this.requestUpdate();
      } catch {
        // Their ids will do.
      }
    }
  }

  protected override render() {
    const view = this.view;
    return html`
      <div class="unseen" aria-live="polite">${this.said}</div>
      ${this.connected ? nothing : html`<p class="notice" role="status">${t('progress.offline')}</p>`}
      ${this.failed && !view ? html`<p class="notice error" role="alert">${this.failed.message}</p>` : nothing}
      ${view ? this.#all(view) : this.failed ? nothing : html`<p class="soft">${t('shell.loading')}</p>`}`;
  }

  #all(view: Deployment) {
    const { all, done } = count(view.apps);
    return html`
      ${view.status === 'idle' && done === 0
        ? nothing
        : html`<div class="overall">
            <label for="bar">${t('progress.steps_done', { done: number(done), all: number(all) })}</label>
            <progress id="bar" class=${view.status} max=${all} value=${done}></progress>
          </div>`}
      <ul class="apps">
        ${view.apps.map((app) => html`<li>${this.#app(view, app)}</li>`)}
      </ul>`;
  }

  #app(view: Deployment, app: App) {
    const url = app.status === 'idle' ? undefined : address(app);
    const live = url
      ? html`<p class="live">
          <a class="button" href=${url} target="_blank" rel="noopener">${t('progress.open', { app: app.appId })}</a>
          <span class="soft">${url.replace(/^https?:[/][/]/, '')}</span>
        </p>`
      : nothing;
    const now = current(app);
    const shows = this.#toggled.get(app.appId) ?? (view.apps.length === 1 || app.status === 'running' || app.status === 'error');
    const you = now !== undefined && situation(now) === 'you';
    const fold = folded(app);
    return html`
      <div class="app">
        <details ?open=${shows} @toggle=${(event: Event) => this.#toggle(app.appId, event)}>
          <summary>
            <h2 class="name">${app.appId}</h2>
            <span class="state ${you ? 'you' : app.status}">${you ? t('progress.you') : t(`state.${app.status}`)}</span>
            ${now && !shows ? html`<span class="soft wide">${stepName(view.workflow, now.actionId, this.#titles)}: ${situationName(situation(now))}</span>` : nothing}
          </summary>
          ${shows ? live : nothing}
          ${fold.length
            ? html`<details class="fold">
                <summary><span class="sign" aria-hidden="true"></span>${t('progress.folded', { n: number(fold.length) })}</summary>
                <ol class="steps">${fold.map((it) => this.#step(view, it))}</ol>
              </details>`
            : nothing}
          <ol class="steps">${app.actions.slice(fold.length).map((it) => this.#step(view, it))}</ol>
        </details>
        ${shows ? nothing : live}
      </div>`;
  }

  #toggle(key: string, event: Event): void {
    this.#toggled.set(key, (event.target as HTMLDetailsElement).open);
    this.requestUpdate();
  }

  #step(view: Deployment, action: Action) {
    const is = situation(action);
    const key = `${action.appId}/${action.actionId}`;
    const name = stepName(view.workflow, action.actionId, this.#titles);
    return html`
      <li class="step ${sign(is)}" aria-current=${sign(is) === 'running' || is === 'you' ? 'step' : nothing}>
        <span class="sign" aria-hidden="true"></span>
        <div class="what">
          ${action.attempt > 0
            ? html`<details class="more" @toggle=${(event: Event) => this.#opened(event, action, key)}>
                <summary><h3>${name}</h3><span class="soft"><strong>${situationName(is)}</strong>${this.#times(action)}</span></summary>
                ${this.#details(action, key)}
              </details>`
            : html`<h3>${name}</h3><p class="soft"><strong>${situationName(is)}</strong></p>`}
          ${action.error && ['failed', 'retry'].includes(is)
            ? html`<div class=${is === 'failed' ? 'failure' : 'failure soft'}>
                <p class="words">${action.error.message}</p>
                <p><strong>${t('progress.do')}</strong> ${is === 'failed' ? remedy(action.error) : t('progress.retry_by_itself')}</p>
              </div>`
            : nothing}
          ${is === 'you' ? this.#instructions(action) : nothing}
          ${is === 'failed' && !this.readonly
            ? html`<p><button ?disabled=${this.asking === key} @click=${() => this.#again(action)}>${t('progress.again')}</button></p>`
            : nothing}
          ${this.stepFailed?.step === key
            ? html`<p class="failure" role="alert">${this.stepFailed.error.message}</p>`
            : nothing}
        </div>
      </li>`;
  }

  /** How long it has been so, which attempt it is, and when it goes on. */
  #times(action: Action): TemplateResult {
    const parts: string[] = [];
    const is = situation(action);
    if (is === 'done' && action.since) {
      parts.push(ago(action.since));
    } else if (['queued', 'starting', 'running', 'waiting', 'you', 'stopping'].includes(is) && action.since) {
      parts.push(t('progress.for', { time: duration(Date.now() - Date.parse(action.since)) }));
    }
    if (is === 'retry' && action.dueAt) {
      parts.push(t('progress.next_in', { time: duration(Date.parse(action.dueAt) - Date.now()) }));
    }
    if (action.attempt > 1) {
      parts.push(t('progress.attempt', { n: number(action.attempt) }));
    }
    return html`${parts.map((it) => html` · <span class="time">${it}</span>`)}`;
  }

  #instructions(action: Action) {
    const { what, link, dnsRecords = [] } = action.instructions!;
    const key = `${action.appId}/${action.actionId}`;
    return html`
      <div class="you-box">
        <p>${what}</p>
        ${link ? html`<p><a class="button" href=${link} target="_blank" rel="noopener">${t('progress.open_page')}</a></p>` : nothing}
        ${dnsRecords.map((record, i) => this.#record(record, `${key}/${i}`))}
        ${this.readonly
          ? nothing
          : html`<p><button ?disabled=${this.asking === key} @click=${() => this.#lookAgain(action, key)}>${t('progress.look')}</button></p>
              ${this.looking === key ? html`<p class="soft">${t('progress.looking')}</p>` : nothing}`}
        <p class="soft">${t('progress.goes_on')}</p>
      </div>`;
  }

  #record(record: DnsRecord, key: string) {
    const fields: [string, string, string][] = [
      ['type', t('progress.dns_type'), record.type],
      ['name', t('progress.dns_name'), record.name],
      ['value', t('progress.dns_value'), record.value],
    ];
    return html`
      <dl class="record">
        ${fields.map(
          ([field, label, value]) => html`
            <div>
              <dt>${label}</dt>
              <dd>
                <code>${value}</code>
                ${field === 'type'
                  ? nothing
                  : html`<button class="copy" @click=${() => this.#copy(`${key}/${field}`, value)}>
                      ${this.copied === `${key}/${field}` ? t('progress.copied') : t('progress.copy')}<span class="unseen">: ${label}</span>
                    </button>`}
              </dd>
            </div>`,
        )}
      </dl>`;
  }

  async #copy(key: string, value: string): Promise<void> {
    await navigator.clipboard.writeText(value);
    this.copied = key;
    this.said = t('progress.copied');
  }

  #opened(event: Event, action: Action, key: string): void {
    if ((event.target as HTMLDetailsElement).open) {
      void this.#loadAttempts(action, key);
    }
  }

  /** What came of a step, and what was tried. */
  #details(action: Action, key: string) {
    const attempts = this.attempts.get(key);
    const outputs = shown(action.outputs);
    return html`
      ${outputs.length
        ? html`<dl class="outputs">${outputs.map(
            ([label, value]) => html`<div><dt>${label}</dt><dd>${/^https?:/.test(value) ? html`<a href=${value} target="_blank" rel="noopener">${value}</a>` : html`<code>${value}</code>`}</dd></div>`,
          )}</dl>`
        : nothing}
      ${attempts
        ? html`<ol class="log" aria-label=${t('progress.log')}>${attempts.map((it) => this.#attempt(it))}</ol>`
        : html`<p class="soft">${t('shell.loading')}</p>`}`;
  }

  #attempt(it: Attempt) {
    const created = it.created ? Date.parse(it.created) : undefined;
    const claimed = it.claimed ? Date.parse(it.claimed) : undefined;
    const ended = it.ended ? Date.parse(it.ended) : undefined;
    const outcome = it.outcome ? String(it.outcome).toLowerCase().replace(/_/g, ' ') : undefined;
    return html`
      <li>
        <p><strong>${t('progress.attempt', { n: number(it.number ?? 0) })}</strong> · ${it.created ? dateTime(it.created) : nothing}</p>
        <p class="soft">
          ${created && ended ? t('progress.took', { time: duration(ended - created) }) : nothing}
          ${created && !claimed ? t('progress.not_taken') : nothing}
          ${it.executor ? html`· ${it.executor}` : nothing} ${outcome ? html`· ${outcome}` : nothing}
        </p>
        ${it.failure ? html`<p>${it.failure.message} <code>${it.failure.code}</code></p>` : nothing}
      </li>`;
  }

  async #loadAttempts(action: Action, key: string): Promise<void> {
    try {
      const attempts = await this.#calls().get('/api/v1/deployments/{id}/apps/{app}/actions/{action}/attempts', {
        path: { id: this.deployment, app: action.appId, action: action.actionId },
      });
      this.attempts = new Map(this.attempts).set(key, attempts);
    } catch (error) {
      this.#stepRefused(key, error);
    }
  }

  #again(action: Action): Promise<void> {
    const key = `${action.appId}/${action.actionId}`;
    return this.#ask(key, () => this.#calls().trigger(this.deployment, action.appId, action.actionId));
  }

  /** Whoever has just done what is waited for need not wait for the next look. */
  #lookAgain(action: Action, key: string): Promise<void> {
    return this.#ask(key, async () => {
      await this.#calls().call('POST', '/api/v1/deployments/{id}/apps/{app}/actions/{action}/look', {
        path: { id: this.deployment, app: action.appId, action: action.actionId },
      });
      this.said = t('progress.looking');
      this.looking = key;
    });
  }

  async #ask(key: string, request: () => Promise<unknown>): Promise<void> {
    this.asking = key;
    this.stepFailed = undefined;
    try {
      await request();
    } catch (error) {
      this.#stepRefused(key, error);
    } finally {
      this.asking = undefined;
    }
  }

  #stepRefused(step: string, error: unknown): void {
    if (!(error instanceof ActionError)) {
      throw error;
    }
    this.stepFailed = { step, error };
    this.dispatchEvent(new CustomEvent('offshoot-refused', { detail: error }));
  }
}
