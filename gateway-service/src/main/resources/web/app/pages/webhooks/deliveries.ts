import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { session } from '../../shell/session';
import { t, wordsFor } from '../../words';
import { ago, dateTime, duration } from '../../words/format';

type Delivery = components['schemas']['Delivery'];

const signs: Record<Delivery['state'], string> = { delivered: 'done', failed: 'error', pending: 'running', held: 'idle' };
/** While one is on its way and somebody looks. */
const LOOK_AGAIN = 3_000;

/** What was sent to a webhook, with every try; read when it is opened. */
class Deliveries extends LitElement {
  static override properties = { webhook: {}, active: { attribute: false }, all: { state: true }, next: { state: true }, failed: { state: true }, opened: { state: true } };

  declare webhook: string;
  /** Only then anything can be sent. */
  declare active: boolean;
  declare all?: Delivery[];
  declare next?: string;
  declare failed?: unknown;
  declare opened: boolean;
  readonly #again = new Change(this);
  #timer?: number;

  protected override createRenderRoot() {
    return this;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #read(cursor?: string): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const page = await session.client.get('/api/v1/webhooks/{id}/deliveries', { path: { id: this.webhook }, query: { cursor, limit: '10' } });
      this.all = cursor ? [...(this.all ?? []), ...page.deliveries] : page.deliveries;
      this.next = page.next;
      this.failed = undefined;
    } catch (error) {
      this.failed = error;
      return;
    }
    // One that will be tried tomorrow is not waited for.
    const soon = Date.now() + 60_000;
    const moving = this.all.some((it) => it.state === 'pending' && (!it.nextTryAt || Date.parse(it.nextTryAt) < soon));
    if (moving && this.opened && this.isConnected && !document.hidden && !session.refused) {
      this.#timer = window.setTimeout(() => void this.#read(), LOOK_AGAIN);
    }
  }

  #toggle(open: boolean): void {
    this.opened = open;
    clearTimeout(this.#timer);
    if (open) {
      void this.#read();
    }
  }

  async #redeliver(it: Delivery): Promise<void> {
    const done = await this.#again.make(
      () => session.client.call('POST', '/api/v1/webhooks/{id}/deliveries/{delivery}/redeliver', { path: { id: this.webhook, delivery: it.id } }),
      t('webhooks.redelivered'),
    );
    if (done) {
      await this.#read();
    }
  }

  protected override render() {
    return html`
      <details @toggle=${(event: Event) => this.#toggle((event.target as HTMLDetailsElement).open)}>
        <summary>${t('webhooks.deliveries')}</summary>
        <div class="inside stack">
          <offshoot-problem .error=${this.failed ?? this.#again.failed} .retry=${this.failed ? () => this.#read() : undefined}></offshoot-problem>
          ${this.all?.length === 0 ? html`<p class="empty">${t('webhooks.no_deliveries')}</p>` : nothing}
          <ul class="things" ?hidden=${!this.all?.length}>${repeat(this.all ?? [], (it) => it.id, (it) => this.#delivery(it))}</ul>
          <p class="row">
            <button ?disabled=${this.#again.busy} @click=${() => this.#read()}>${t('hub.look_again')}</button>
            ${this.next ? html`<button @click=${() => this.#read(this.next)}>${t('hub.older')}</button>` : nothing}
          </p>
        </div>
      </details>`;
  }

  #delivery(it: Delivery) {
    return html`
      <li>
        <div class="head">
          <span><code>${it.event}</code> <span class="small">${ago(it.createdAt)}</span></span>
          <span class="state ${signs[it.state]}">${t(`webhooks.${it.state}`)}</span>
        </div>
        ${it.deployment ? html`<p class="small"><a href="/deployments/${it.deployment}">${t('webhooks.of_deployment')}</a></p>` : nothing}
        ${it.attempts.length
          ? html`<ol class="small tries">
              ${it.attempts.map((at) => html`<li>${dateTime(at.at)}: ${at.status !== undefined ? t('webhooks.answered', { status: at.status }) : nothing}
                ${at.failure ? (wordsFor('delivery', at.failure) ?? at.failure) : nothing} (${t('progress.took', { time: duration(at.durationMs) })})</li>`)}
            </ol>`
          : nothing}
        ${it.state === 'pending' && it.nextTryAt ? html`<p class="small">${t('webhooks.next_try', { when: ago(it.nextTryAt) })}</p>` : nothing}
        ${it.state === 'held' ? html`<p class="small">${t('webhooks.held_detail')}</p>` : nothing}
        ${this.active
          ? html`<p><button ?disabled=${this.#again.busy} @click=${() => this.#redeliver(it)}>${t('webhooks.redeliver')}</button></p>`
          : nothing}
      </li>`;
  }
}

customElements.define('offshoot-deliveries', Deliveries);
