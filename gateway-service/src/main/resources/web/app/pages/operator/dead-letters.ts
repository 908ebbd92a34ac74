import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t } from '../../words';
import { ago, number } from '../../words/format';

type Letter = components['schemas']['DeadLetterView'];

/** What no service could take in, and a button that publishes it again. */
class DeadLetters extends LitElement {
  static override properties = { all: { state: true }, next: { state: true }, at: { state: true }, shown: { state: true } };

  declare all?: Letter[];
  declare next?: string;
  /** The one that was asked for last. */
  declare at?: string;
  /** What the ones that were opened hold. */
  declare shown: ReadonlyMap<string, string>;
  readonly #change = new Change(this);
  readonly #fresh = new Fresh(this, () => this.#read());

  constructor() {
    super();
    this.shown = new Map();
  }

  protected override createRenderRoot() {
    return this;
  }

  async #read(cursor?: string): Promise<void> {
    const page = await session.client.get('/api/v1/admin/dead-letters', { query: { cursor, limit: '10' } });
    this.all = cursor ? [...(this.all ?? []), ...page.letters] : page.letters;
    this.next = page.next;
  }

  async #more(): Promise<void> {
    this.at = undefined;
    await this.#change.make(() => this.#read(this.next));
  }

  async #open(it: Letter): Promise<void> {
    this.at = it.id;
    await this.#change.make(async () => {
      const { value } = await session.client.get('/api/v1/admin/dead-letters/{id}', { path: { id: it.id } });
      const bytes = Uint8Array.from(atob(value ?? ''), (char) => char.charCodeAt(0));
      this.shown = new Map(this.shown).set(it.id, new TextDecoder().decode(bytes));
    });
  }

  async #replay(it: Letter): Promise<void> {
    if (await sure({ heading: t('operator.replay_title'), detail: t('operator.replay_detail', { topic: it.topic }), yes: t('operator.replay_yes') })) {
      this.at = it.id;
      await this.#change.make(async () => {
        const { data } = await session.client.call('POST', '/api/v1/admin/dead-letters/{id}/replay', { path: { id: it.id } });
        this.all = this.all?.map((other) => (other.id === it.id ? { ...other, ...data } : other));
      }, t('operator.replayed'));
    }
  }

  protected override render() {
    const more = this.at === undefined ? this.#change.failed : undefined;
    return html`
      <section class="card">
        <h2>${t('operator.letters')}</h2>
        <p class="small">${t('operator.letters_intro')}</p>
        <offshoot-problem .error=${this.#fresh.failed ?? more} .retry=${this.#fresh.failed ? () => this.#fresh.read() : undefined}></offshoot-problem>
        ${this.all?.length === 0 ? html`<p class="empty">${t('operator.no_letters')}</p>` : nothing}
        <ul class="things" ?hidden=${!this.all?.length}>${repeat(this.all ?? [], (it) => it.id, (it) => this.#letter(it))}</ul>
        ${this.next ? html`<p><button ?disabled=${this.#change.busy} @click=${() => this.#more()}>${t('hub.older')}</button></p>` : nothing}
      </section>`;
  }

  #letter(it: Letter) {
    const shown = this.shown.get(it.id);
    return html`
      <li>
        <div class="head">
          <code class="name">${it.reason}</code>
          <span class="small">${ago(it.lastSeen)}</span>
        </div>
        <p lang="en">${it.detail}</p>
        <p class="small">${t('operator.letter_at', { source: it.source, topic: it.topic })}
          ${it.occurrences > 1 ? `· ${t('operator.seen', { n: number(it.occurrences) })}` : nothing}
          ${it.replayedAt ? `· ${t('operator.replayed_by', { who: it.replayedBy ?? '', when: ago(it.replayedAt) })}` : nothing}</p>
        ${shown === undefined ? nothing : html`<pre tabindex="0" aria-label=${t('operator.holds')}>${shown}</pre>`}
        <p class="row">
          ${shown === undefined && it.length !== undefined
            ? html`<button ?disabled=${this.#change.busy} @click=${() => this.#open(it)}>${t('operator.show')}</button>`
            : nothing}
          ${it.replayable
            ? html`<button ?disabled=${this.#change.busy} @click=${() => this.#replay(it)}>${t('operator.replay')}</button>`
            : html`<span class="small">${t('operator.not_replayable')}</span>`}
        </p>
        ${this.at === it.id ? html`<offshoot-problem .error=${this.#change.failed}></offshoot-problem>` : nothing}
      </li>`;
  }
}

customElements.define('offshoot-dead-letters', DeadLetters);
