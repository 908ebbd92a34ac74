import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { ActionError, newKey, type NewDeployment, type OutputOf } from '../../../client';
import { wear } from '../../look/wear';
import { announce } from '../../shell/announcer';
import '../../shell/confirm';
import { draft, dropDraft, keepDraft } from '../../shell/drafts';
import { go } from '../../shell/router';
import { session } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import { said } from '../../words/said';
import { fields, idOf, shown, type Asking } from './field';
import { envelope, prepare, type Prepared } from './intent';
import {
  APP_ID, addApp, begin, configOf, fieldFor, hasConfig, inputOf, problemsOf, requestOf, variable,
  type Kind, type Problems, type Secrets, type Workflow,
} from './request';
import { review } from './review';
import { count, escape, without, type Values } from './schema';
import { signing } from './sign';
import { styles } from './styles';

export type Connection = OutputOf<'/api/v1/connections', 'get'>[number];
export type Hub = OutputOf<'/api/v1/hubs', 'get'>['hubs'][number];
export type HubKey = OutputOf<'/api/v1/hubs/{hub}/keys/jwks.json', 'get'>['keys'][number];

/** `app/0`, `app/1`, …: each app is a step of its own. */
export type Step = 'shared' | `app/${number}` | 'accounts' | 'variables' | 'review' | 'sign';

wear(styles);

/** Secrets that were typed, by workflow: they outlive the page, so that looking something up costs nothing, and never the tab. */
const typed = new Map<string, Secrets>();

addEventListener('beforeunload', (event) => {
  if ([...typed.values()].some((secrets) => Object.values(secrets).some(Boolean))) {
    event.preventDefault();
  }
});
session.addEventListener('change', () => session.signedIn || typed.clear());

/** A new deployment, one thing at a time. */
class NewPage extends LitElement {
  static override properties = {
    params: { attribute: false },
    workflow: { state: true },
    step: { state: true },
    problems: { state: true },
    failed: { state: true },
    unloaded: { state: true },
    busy: { state: true },
    prepared: { state: true },
    signature: { state: true },
  };

  declare params: { workflow: string };
  declare workflow?: Workflow;
  declare step: Step;
  declare problems: Problems;
  /** Why what was asked for was not done. */
  declare failed?: unknown;
  /** Why there is no form. */
  declare unloaded?: unknown;
  declare busy: boolean;
  declare prepared?: Prepared;
  declare signature: string;

  values: Values = {};
  connections: Connection[] = [];
  hubSecrets: string[] = [];
  hubs: Hub[] = [];
  keys: HubKey[] = [];
  /** The request that the API said it would take, as it was when it said so. */
  #checked?: string;
  readonly #changed = () => {
    if (!session.refused) {
      this.failed = undefined;
      void (this.workflow ?? this.#load());
    }
  };

  constructor() {
    super();
    this.step = 'shared';
    this.problems = {};
    this.busy = false;
    this.signature = '';
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    setTitle(t('new.title'));
    session.addEventListener('change', this.#changed);
    void this.#load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener('change', this.#changed);
  }

  get secrets(): Secrets {
    const id = this.params.workflow;
    return typed.get(id) ?? typed.set(id, {}).get(id)!;
  }

  get #draft(): string {
    return `new-${this.params.workflow}`;
  }

  async #load(): Promise<void> {
    this.unloaded = undefined;
    try {
      const client = session.client;
      const [workflow, connections, secrets, { hubs }] = await Promise.all([
        client.get('/api/v1/workflows/{id}', { path: { id: this.params.workflow } }),
        client.get('/api/v1/connections').catch(noneIfForbidden<Connection>),
        client.get('/api/v1/secrets').catch(noneIfForbidden<{ name: string }>),
        client.get('/api/v1/hubs'),
      ]);
      this.connections = connections;
      this.hubSecrets = secrets.map((it) => it.name);
      this.hubs = hubs;
      this.values = begin(workflow, draft(this.#draft) ?? {});
      this.#chooseAccounts(workflow);
      this.workflow = workflow;
      const kept = this.values['#step'] as Step | undefined;
      this.step = kept && this.steps.includes(kept) && kept !== 'sign' ? kept : this.steps[0];
      setTitle(said(workflow.id, 'title', workflow.title).text);
    } catch (error) {
      this.unloaded = error;
    }
  }

  /** The account that the hub's own name stands for, or the only one. */
  #chooseAccounts(workflow: Workflow): void {
    for (const [entry, provider] of Object.entries(workflow.connections)) {
      const at = `/connections/${escape(entry)}`;
      const known = this.connections.filter((it) => it.provider === provider);
      if (!known.some((it) => it.name === this.values[at])) {
        const likely = known.find((it) => this.hubs.some((hub) => hub.id === it.name)) ?? known[0];
        // Of two accounts of one provider somebody has to say which is which.
        this.values[at] = entry === provider || known.length === 1 ? (likely?.name ?? '') : '';
      }
    }
  }

  get steps(): Step[] {
    const apps = Array.from({ length: count(this.values, '/apps') }, (_, i): Step => `app/${i}`);
    const shared: Step[] = this.workflow && hasConfig(this.workflow) ? ['shared'] : [];
    return [...shared, ...apps, 'accounts', 'variables', 'review', ...(this.mustSign || this.step === 'sign' ? ['sign' as const] : [])];
  }

  get policy(): string | undefined {
    return this.hubs.length === 1 ? this.hubs[0].policy.intents : undefined;
  }

  get mustSign(): boolean {
    return this.policy === 'required';
  }

  get body(): NewDeployment {
    return requestOf(this.workflow!, this.values, this.secrets);
  }

  #keep(): void {
    keepDraft(this.#draft, this.values);
    this.requestUpdate();
  }

  #type(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (!field.name?.startsWith('/')) {
      return;
    }
    if ('secret' in field.dataset) {
      this.secrets[field.name] = field.value;
    } else {
      this.values[field.name] = field.type === 'checkbox' ? String(field.checked) : field.value;
      delete this.values['#key'];
      this.#keep();
    }
    if (this.problems[field.name]) {
      const { [field.name]: _, ...others } = this.problems;
      this.problems = others;
    }
    this.#checked = undefined;
  }

  async to(step: Step): Promise<void> {
    this.step = step;
    this.failed = undefined;
    this.values['#step'] = step;
    this.#keep();
    await this.updateComplete;
    scrollTo(0, 0);
    this.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
    if (step === 'review' && !this.mustSign) {
      await this.#check();
    } else if (step === 'sign') {
      await this.#prepare();
    }
  }

  /** To the next step, or to what is wrong: nothing is sent then. */
  async #next(event: Event): Promise<void> {
    event.preventDefault();
    const problems = problemsOf(this.workflow!, this.values, this.secrets);
    const steps = this.steps;
    const following = steps[steps.indexOf(this.step) + 1];
    const wrong = Object.keys(problems).filter((it) => following === 'review' || stepOf(it) === this.step);
    this.problems = Object.fromEntries(wrong.map((it) => [it, problems[it]]));
    if (wrong.length) {
      await this.#showWrong();
    } else {
      await this.to(following);
    }
  }

  /** @returns whether there is a field to show it at */
  async #showWrong(): Promise<boolean> {
    const steps = this.steps;
    const wrong = Object.keys(this.problems);
    const first = steps.find((step) => wrong.some((it) => stepOf(it) === step));
    if (first && first !== this.step) {
      this.step = first;
    }
    await this.updateComplete;
    const field = this.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus();
    announce(t('new.wrong', { n: wrong.length }));
    return field !== null;
  }

  /** Has the API look at it, without making anything. @returns whether it would be taken */
  async #check(intent?: object): Promise<boolean> {
    this.busy = true;
    this.failed = undefined;
    try {
      const body = { ...this.body, ...(intent ? { intent } : {}) } as NewDeployment;
      await session.client.call('POST', '/api/v1/deployments', { body, query: { dryRun: 'true' }, idempotencyKey: newKey() });
      this.#checked = JSON.stringify(this.body);
      announce(t('new.checked'));
      return true;
    } catch (error) {
      if (error instanceof ActionError && error.code === 'intent-required' && this.step !== 'sign') {
        await this.to('sign');
      } else {
        await this.#refused(error);
      }
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Shows at the fields what the API has against them, and the rest above. */
  async #refused(error: unknown): Promise<void> {
    const places = error instanceof ActionError ? error.errors : [];
    const known = places.filter((it) => this.steps.includes(stepOf(fieldFor(it.pointer ?? '', this.values)) as Step));
    this.failed = known.length === places.length && known.length ? undefined : error;
    if (known.length) {
      this.problems = Object.fromEntries(known.map((it) => [fieldFor(it.pointer!, this.values), { said: it.detail ?? '' }]));
      if (!(await this.#showWrong())) {
        this.failed = error;
      }
    }
  }

  /** Makes it, once: a request whose answer was lost is sent again under its key, after a reload too. */
  async create(intent?: object): Promise<void> {
    if (this.#checked !== JSON.stringify(this.body) && !(await this.#check(intent))) {
      return;
    }
    this.busy = true;
    this.failed = undefined;
    const idempotencyKey = (this.values['#key'] ??= newKey());
    this.#keep();
    try {
      const { id } = await session.client.create({ ...this.body, ...(intent ? { intent } : {}) } as NewDeployment, { idempotencyKey });
      dropDraft(this.#draft);
      typed.delete(this.params.workflow);
      go(`/deployments/${id}/plan`);
    } catch (error) {
      if (error instanceof ActionError && error.status && error.status < 500 && ![401, 409, 429].includes(error.status)) {
        // It was refused, so nothing was made: what comes next is another request.
        delete this.values['#key'];
        this.#keep();
      }
      await this.#refused(error);
    } finally {
      this.busy = false;
    }
  }

  async #prepare(): Promise<void> {
    this.prepared = undefined;
    this.signature = '';
    if (!isSecureContext) {
      return;
    }
    try {
      const hub = this.hubs[0].id;
      this.keys = (await session.client.get('/api/v1/hubs/{hub}/keys/jwks.json', { path: { hub } })).keys.filter((it) => !it.revoked && !it.exp);
      this.prepared = await prepare(this.workflow!, this.body, hub, location.origin);
    } catch (error) {
      this.failed = error;
    }
  }

  async sign(form: HTMLFormElement): Promise<void> {
    const kid = (form.elements.namedItem('kid') as HTMLSelectElement | HTMLInputElement).value;
    const field = form.elements.namedItem('signature') as HTMLTextAreaElement;
    const intent = envelope(this.prepared!, kid, field.value);
    this.problems = intent ? {} : { '#signature': { key: 'pattern' } };
    if (!intent) {
      await this.updateComplete;
      field.focus();
      return;
    }
    this.signature = field.value;
    this.#checked = undefined;
    await this.create(intent);
  }

  prepareAnew(): void {
    void this.#prepare();
  }

  #forget(): void {
    dropDraft(this.#draft);
    typed.delete(this.params.workflow);
    this.problems = {};
    this.values = begin(this.workflow!, {});
    this.#chooseAccounts(this.workflow!);
    void this.to(this.steps[0]);
  }

  protected override render() {
    const workflow = this.workflow;
    if (!workflow) {
      return html`<h1>${t('new.title')}</h1>
        ${this.unloaded
          ? html`<offshoot-problem .error=${this.unloaded} .retry=${() => this.#load()}></offshoot-problem>`
          : html`<p class="loading">${t('shell.loading')}</p>`}`;
    }
    const steps = this.steps;
    const at = steps.indexOf(this.step);
    return html`
      <a class="back" href="/catalogue">‹ ${t('catalogue.back')}</a>
      <h1>${said(workflow.id, 'title', workflow.title)}</h1>
      <ol class="way" aria-hidden="true">${steps.map((_, i) => html`<li class=${i <= at ? 'past' : ''}></li>`)}</ol>
      <section class="card">
        <div>
          <p class="small">${t('new.step', { n: at + 1, all: steps.length })}</p>
          <h2 tabindex="-1">${this.#heading()}</h2>
        </div>
        <offshoot-problem .error=${session.refused ? undefined : this.failed}></offshoot-problem>
        ${this.#body(workflow, at)}
      </section>
      ${Object.keys(this.values).length
        ? html`<p class="small">${t('new.kept')}<br>
            <button class="quiet forget" type="button" @click=${() => this.#forget()}>${t('new.forget')}</button></p>`
        : nothing}`;
  }

  #heading() {
    const [kind, i] = this.step.split('/');
    if (kind === 'app') {
      return count(this.values, '/apps') > 1 ? t('new.app_n', { n: Number(i) + 1 }) : t('new.app');
    }
    return t(`new.${kind as 'shared' | 'accounts' | 'variables' | 'review' | 'sign'}`);
  }

  #body(workflow: Workflow, at: number) {
    const back = at > 0 ? html`<button type="button" @click=${() => void this.to(this.steps[at - 1])}>${t('new.back')}</button>` : nothing;
    switch (this.step) {
      case 'review':
        return review(this, back);
      case 'sign':
        return signing(this, back);
      default:
        return html`<form novalidate @submit=${(event: Event) => this.#next(event)} @input=${(event: Event) => this.#type(event)}>
          ${this.#asked(workflow)}
          <div class="moves">${back}<button class="main">${t('new.next')}</button></div>
        </form>`;
    }
  }

  get #asking(): Asking {
    return { workflow: this.params.workflow, values: { ...this.values, ...this.secrets }, problems: this.problems };
  }

  #asked(workflow: Workflow) {
    switch (this.step) {
      case 'shared':
        return fields(this.#asking, configOf(workflow), '/config');
      case 'accounts':
        return this.#accounts(workflow);
      case 'variables':
        return this.#variables(workflow);
      default:
        return this.#app(workflow, Number(this.step.split('/')[1]));
    }
  }

  #app(workflow: Workflow, i: number) {
    const apps = count(this.values, '/apps');
    return html`
      ${shown(this.#asking, `/apps/${i}/appId`, {
        label: t('new.app_id'),
        help: t('new.app_id_help'),
        example: 'docs',
        required: true,
        schema: { type: 'string', pattern: APP_ID, maxLength: 63 },
      })}
      ${fields(this.#asking, inputOf(workflow), `/apps/${i}/input`)}
      <div class="row">
        ${i === apps - 1
          ? html`<button type="button" @click=${() => this.#addApp(apps)}>${t('new.add_app')}</button>`
          : nothing}
        ${apps > 1
          ? html`<button type="button" class="quiet" @click=${() => this.#removeApp(i)}>${t('new.remove_app')}</button>`
          : nothing}
      </div>`;
  }

  #addApp(i: number): void {
    addApp(this.workflow!, this.values, i);
    delete this.values['#key'];
    void this.to(`app/${i}`);
  }

  #removeApp(i: number): void {
    this.values = without(this.values, '/apps', i);
    this.problems = {};
    delete this.values['#key'];
    void this.to(`app/${Math.max(0, i - 1)}`);
  }

  #accounts(workflow: Workflow) {
    const entries = Object.entries(workflow.connections);
    return html`<p>${t('new.accounts_intro')}</p>
      ${entries.map(([entry, provider]) => {
        const known = this.connections.filter((it) => it.provider === provider);
        const at = `/connections/${escape(entry)}`;
        const chosen = known.find((it) => it.name === this.values[at]);
        return html`
          ${shown(this.#asking, at, {
            label: t(entry === provider ? 'new.account' : 'new.account_receiver', { provider: providerName(provider) }),
            help: known.length ? undefined : t('new.account_none', { provider: providerName(provider) }),
            required: known.length > 0,
            choices: known.map((it) => [it.name, it.account === it.name ? it.name : `${it.account} (${it.name})`]),
          })}
          ${chosen?.state === 'REFUSED' || chosen?.problem
            ? html`<p class="error">${t('new.account_refused')} <span lang="en">${chosen.problem}</span></p>`
            : nothing}`;
      })}`;
  }

  #variables(workflow: Workflow) {
    const rows = count(this.values, '/variables');
    const kinds: Kind[] = workflow.secretsFor.length
      ? ['text', ...(this.hubSecrets.length ? (['hub'] as const) : []), 'value', 'generate']
      : ['text'];
    return html`<p>${t('new.variables_intro')}</p>
      ${Array.from({ length: rows }, (_, i) => {
        const at = variable(i);
        const kind = (this.values[`${at}/kind`] || 'text') as Kind;
        const asking = this.#asking;
        return html`<div class="variable stack" role="group" aria-label=${t('new.variable_n', { n: i + 1 })}>
          ${shown(asking, `${at}/name`, { label: t('new.variable_name'), example: 'NOTICE', required: true, schema: { type: 'string', pattern: '.' } })}
          ${kinds.length > 1
            ? shown({ ...asking, values: { ...asking.values, [`${at}/kind`]: kind } }, `${at}/kind`, {
                label: t('new.variable_kind'),
                required: true,
                choices: kinds.map((it) => [it, t(`new.kind_${it}`)]),
              })
            : nothing}
          ${kind === 'text' ? shown(asking, `${at}/value`, { label: t('new.variable_value'), schema: { type: 'string' } }) : nothing}
          ${kind === 'hub'
            ? shown(asking, `${at}/hub`, { label: t('new.variable_hub'), required: true, choices: this.hubSecrets.map((it) => [it, it]) })
            : nothing}
          ${kind === 'value'
            ? shown(asking, `${at}/secret`, { label: t('new.variable_secret'), help: t('new.variable_secret_help'), required: true, secret: true })
            : nothing}
          ${kind === 'generate' ? html`<p class="small">${t('new.variable_generate_help')}</p>` : nothing}
          <p><button type="button" class="quiet" @click=${() => this.#removeVariable(i)}>${t('new.remove_variable')}</button></p>
        </div>`;
      })}
      <p><button type="button" @click=${() => void this.#addVariable(rows)}>${t('new.add_variable')}</button></p>`;
  }

  async #addVariable(i: number): Promise<void> {
    Object.assign(this.values, { [`${variable(i)}/name`]: '', [`${variable(i)}/kind`]: 'text' });
    this.#keep();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`#${idOf(`${variable(i)}/name`)}`)?.focus();
  }

  #removeVariable(i: number): void {
    this.values = without(this.values, '/variables', i);
    typed.set(this.params.workflow, without(this.secrets, '/variables', i));
    this.problems = {};
    delete this.values['#key'];
    this.#keep();
  }
}

/** A key that may deploy need not see what the hub has: names can still be left to the hub's own. */
function noneIfForbidden<T>(error: unknown): T[] {
  if (error instanceof ActionError && error.status === 403) {
    return [];
  }
  throw error;
}

/** The step that asks for what stands at a place. */
function stepOf(pointer: string): string {
  const [, first, index] = pointer.split('/');
  switch (first) {
    case 'config':
      return 'shared';
    case 'apps':
      return `app/${index ?? 0}`;
    case 'connections':
      return 'accounts';
    case 'variables':
      return 'variables';
    default:
      return '';
  }
}

export function providerName(provider: string): string {
  return { github: 'GitHub', vercel: 'Vercel' }[provider] ?? provider;
}

export type { NewPage };

customElements.define('offshoot-new-page', NewPage);
