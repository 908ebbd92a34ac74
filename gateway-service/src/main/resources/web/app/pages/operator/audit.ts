import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { t, wordsFor } from '../../words';
import { dateTime } from '../../words/format';

type Entry = components['schemas']['AuditEntry'];

/** Who did what, the newest first: in the hub, and for operators everywhere. */
class AuditList extends LitElement {
  static override properties = { everywhere: { attribute: false }, all: { state: true }, next: { state: true }, busy: { state: true }, older: { state: true } };

  declare everywhere: boolean;
  declare all?: Entry[];
  declare next?: string;
  declare busy: boolean;
  declare older?: unknown;
  readonly #fresh = new Fresh(this, () => this.#read());

  protected override createRenderRoot() {
    return this;
  }

  async #read(cursor?: string): Promise<void> {
    const page = await session.client.get('/api/v1/audit', { query: { cursor, limit: '20' } });
    this.all = cursor ? [...(this.all ?? []), ...page.entries] : page.entries;
    this.next = page.next;
  }

  async #more(): Promise<void> {
    this.busy = true;
    this.older = undefined;
    try {
      await this.#read(this.next);
    } catch (error) {
      this.older = error;
    } finally {
      this.busy = false;
    }
  }

  protected override render() {
    return html`
      <section class="card">
        <h2>${t('operator.audit')}</h2>
        <p class="small">${t(this.everywhere ? 'operator.audit_all' : 'operator.audit_hub')}</p>
        <offshoot-problem .error=${this.#fresh.failed ?? this.older}></offshoot-problem>
        ${this.all?.length === 0 ? html`<p class="empty">${t('operator.no_audit')}</p>` : nothing}
        <ul class="things" ?hidden=${!this.all?.length}>
          ${repeat(this.all ?? [], (it) => it.id, (it) => html`
            <li>
              <div class="head">
                <span class="name">${wordsFor('audit', it.action.replace('.', '-')) ?? it.action}</span>
                ${it.outcome === 'done' ? nothing : html`<span class="state error">${wordsFor('audit', `is-${it.outcome}`) ?? it.outcome}</span>`}
              </div>
              ${it.target ? html`<code>${it.target}</code>` : nothing}
              <p class="small"><time datetime=${it.at}>${dateTime(it.at)}</time>
                ${[it.credential, it.role, this.everywhere ? it.hub : undefined, it.address].filter(Boolean).map((part) => ` · ${part}`)}</p>
            </li>`)}
        </ul>
        ${this.next ? html`<p><button ?disabled=${this.busy} @click=${() => this.#more()}>${t('hub.older')}</button></p>` : nothing}
      </section>`;
  }
}

customElements.define('offshoot-audit', AuditList);
