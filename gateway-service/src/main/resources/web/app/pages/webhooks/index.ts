import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { situationName } from '../../../progress/steps';
import type { Situation } from '../../../progress/model';
import { lists } from '../../look/lists';
import { wear } from '../../look/wear';
import { Change } from '../../shell/change';
import { draft, dropDraft, saveDraft } from '../../shell/drafts';
import { field, typed } from '../../shell/field';
import { Fresh } from '../../shell/fresh';
import '../../shell/once';
import { session } from '../../shell/session';
import { sure } from '../../shell/sure';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import { ago } from '../../words/format';
import './deliveries';

type Webhook = components['schemas']['Webhook'];

const DRAFT = 'webhook';

/** What a step can come to that others may want to hear of, as the API writes it, and as we say it. */
const events: [string, Situation][] = [
  ['step.succeeded', 'done'],
  ['step.failed', 'failed'],
  ['step.waiting', 'waiting'],
  ['step.retry-wait', 'retry'],
  ['step.running', 'running'],
  ['step.cancelled', 'cancelled'],
];

const signs: Record<Webhook['state'], string> = { active: 'done', paused: 'idle', disabled: 'error' };

wear(lists);

/** Where the hub has its events sent, and what became of each. */
class WebhooksPage extends LitElement {
  static override properties = { all: { state: true }, made: { state: true }, changed: { state: true } };

  declare all?: Webhook[];
  /** One whose secret is shown, this once. */
  declare made?: Webhook;
  /** The one that was changed last. */
  declare changed?: string;
  readonly #adding = new Change(this);
  readonly #change = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.all = (await session.client.get('/api/v1/webhooks')).webhooks;
  });

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.classList.add('hub');
    setTitle(t('webhooks.title'));
  }

  async #add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const wanted = [...form.querySelectorAll<HTMLInputElement>('[name="events"]:checked')].map((it) => it.value);
    const description = typed(form, 'webhook-description');
    const body = {
      url: typed(form, 'webhook-url'),
      ...(wanted.length ? { events: wanted } : {}),
      ...(description ? { description } : {}),
    };
    const done = await this.#adding.make(async () => {
      this.made = (await session.client.call('POST', '/api/v1/webhooks', { body })).data;
    });
    if (done) {
      dropDraft(DRAFT);
      form.reset();
      (form.closest('details') as HTMLDetailsElement).open = false;
      await this.#fresh.read();
    }
  }

  #do(webhook: Webhook, change: () => Promise<unknown>, said: string): Promise<boolean> {
    this.changed = webhook.id;
    return this.#change.make(async () => {
      await change();
      await this.#fresh.read();
    }, said);
  }

  #test(it: Webhook): Promise<boolean> {
    return this.#do(it, () => session.client.call('POST', '/api/v1/webhooks/{id}/test', { path: { id: it.id } }), t('webhooks.tested'));
  }

  #state(it: Webhook, state: 'active' | 'paused'): Promise<boolean> {
    return this.#do(
      it,
      () => session.client.call('PATCH', '/api/v1/webhooks/{id}', { path: { id: it.id }, body: { state } }),
      t(state === 'active' ? 'webhooks.resumed' : 'webhooks.paused_now'),
    );
  }

  async #delete(it: Webhook): Promise<void> {
    if (await sure({ heading: t('webhooks.delete_title'), detail: t('webhooks.delete_detail', { url: it.url }), yes: t('webhooks.delete_yes') })) {
      await this.#do(it, () => session.client.call('DELETE', '/api/v1/webhooks/{id}', { path: { id: it.id } }), t('webhooks.deleted'));
    }
  }

  protected override render() {
    return html`
      <h1>${t('webhooks.title')}</h1>
      <p class="small">${t('webhooks.intro')}</p>
      <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
      ${this.made
        ? html`<offshoot-shown-once heading=${t('webhooks.secret')} detail=${t('webhooks.secret_detail')} .value=${this.made.secret ?? ''}
            @seen=${() => (this.made = undefined)}></offshoot-shown-once>`
        : nothing}
      ${!this.all && !this.#fresh.failed ? html`<p class="loading">${t('shell.loading')}</p>` : nothing}
      ${this.all?.length === 0 ? html`<section class="card"><p class="empty">${t('webhooks.none')}</p></section>` : nothing}
      ${repeat(this.all ?? [], (it) => it.id, (it) => this.#webhook(it))}
      ${this.all ? this.#form() : nothing}`;
  }

  #webhook(it: Webhook) {
    const busy = this.#change.busy;
    return html`
      <section class="card" aria-label=${it.url}>
        <div class="head">
          <h2>${it.description || new URL(it.url).host}</h2>
          <span class="state ${signs[it.state]}">${t(`webhooks.${it.state}`)}</span>
        </div>
        <code>${it.url}</code>
        <p class="small">
          ${it.events?.length ? it.events.map((event) => this.#eventName(event)).join(', ') : t('webhooks.all_events')}
          · ${t('webhooks.made', { who: it.createdBy, when: ago(it.createdAt) })}
        </p>
        ${it.deployment ? html`<p class="small"><a href="/deployments/${it.deployment}">${t('webhooks.one_deployment')}</a></p>` : nothing}
        ${it.state === 'disabled' ? html`<p class="error">${t(it.reason === 'gone' ? 'webhooks.gone' : 'webhooks.failing')}</p>` : nothing}
        ${it.state !== 'disabled' && it.failingSince
          ? html`<p class="error">${t('webhooks.failing_since', { when: ago(it.failingSince) })}</p>`
          : nothing}
        <p class="row">
          ${it.state === 'active'
            ? html`<button ?disabled=${busy} @click=${() => this.#test(it)}>${t('webhooks.test')}</button>
                <button ?disabled=${busy} @click=${() => this.#state(it, 'paused')}>${t('webhooks.pause')}</button>`
            : html`<button ?disabled=${busy} @click=${() => this.#state(it, 'active')}>${t('webhooks.resume')}</button>`}
          <button class="danger" ?disabled=${busy} @click=${() => this.#delete(it)}>${t('webhooks.delete')}</button>
        </p>
        ${this.changed === it.id ? html`<offshoot-problem .error=${this.#change.failed}></offshoot-problem>` : nothing}
        <offshoot-deliveries .webhook=${it.id} .active=${it.state === 'active'}></offshoot-deliveries>
      </section>`;
  }

  #eventName(event: string): string {
    const known = events.find(([name]) => name === event);
    return known ? situationName(known[1]) : event;
  }

  #form() {
    const change = this.#adding;
    const kept = draft(DRAFT) ?? {};
    const keep = (event: Event) => saveDraft(DRAFT, (event.currentTarget as HTMLFormElement));
    return html`
      <section class="card">
        <details ?open=${this.all!.length === 0 || change.failed !== undefined}>
          <summary>${t('webhooks.add')}</summary>
          <form class="stack" @submit=${(event: SubmitEvent) => this.#add(event)} @input=${keep}>
            ${field('webhook-url', t('webhooks.url'), { type: 'url', help: t('webhooks.url_help'), value: kept['webhook-url'], placeholder: 'https://', wrong: change.wrong('/url') })}
            ${field('webhook-description', t('webhooks.description'), { required: false, value: kept['webhook-description'], wrong: change.wrong('/description') })}
            <fieldset>
              <legend>${t('webhooks.which')}</legend>
              <p class="small">${t('webhooks.which_help')}</p>
              <div class="checks">
                ${events.map(([name, of]) => html`<label class="check"><input type="checkbox" name="events" value=${name}>${situationName(of)}</label>`)}
              </div>
            </fieldset>
            <offshoot-problem .error=${change.problem('/url', '/description')}></offshoot-problem>
            <p><button class="main" ?disabled=${change.busy}>${t('webhooks.send')}</button></p>
          </form>
        </details>
      </section>`;
  }
}

customElements.define('offshoot-webhooks-page', WebhooksPage);
