import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { wear } from '../../look/wear';
import { session } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import { ago } from '../../words/format';
import { names } from '../../words/names';
import { styles } from './styles';

interface Summary {
  id: string;
  workflow: string;
  status: 'idle' | 'running' | 'done' | 'error';
  createdAt: string;
  apps: string[];
}

interface ListPage {
  deployments: Summary[];
  next?: string;
}

wear(styles);

/** The hub's deployments, the newest first. */
class AppsPage extends LitElement {
  static override properties = { list: { state: true }, next: { state: true }, failed: { state: true }, busy: { state: true } };

  declare list?: Summary[];
  declare next?: string;
  declare failed?: unknown;
  declare busy: boolean;
  readonly #again = () => void (session.refused || this.#load());

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    setTitle(t('apps.title'));
    session.addEventListener('change', this.#again);
    addEventListener('online', this.#again);
    void this.#load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener('change', this.#again);
    removeEventListener('online', this.#again);
  }

  async #load(cursor?: string): Promise<void> {
    this.busy = true;
    try {
      const page = (await session.client.get('/api/v1/deployments', { query: { cursor, limit: '20' } })) as ListPage;
      this.list = cursor ? [...(this.list ?? []), ...page.deployments] : page.deployments;
      this.next = page.next;
      this.failed = undefined;
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  protected override render() {
    return html`
      <h1>${t('apps.title')}</h1>
      <p class="small">${t('apps.intro')}</p>
      <offshoot-problem .error=${this.failed} .retry=${() => this.#load()}></offshoot-problem>
      ${!this.list && !this.failed ? html`<p class="loading">${t('shell.loading')}</p>` : nothing}
      ${this.list?.length === 0
        ? html`<section class="card"><h2>${t('apps.none')}</h2><p>${t('apps.none_detail')}</p>
            <p><a class="button main" href="/catalogue">${t('apps.first')}</a></p></section>`
        : nothing}
      <ul class="apps">
        ${this.list?.map(
          (it) => html`
            <li>
              <a class="card" href="/deployments/${it.id}">
                <span class="name">${names(it.apps)}</span>
                <span class="state ${it.status}">${t(`state.${it.status}`)}</span>
                <span class="small">${it.workflow} · ${t('apps.created', { when: ago(it.createdAt) })}</span>
              </a>
            </li>`,
        )}
      </ul>
      ${this.next
        ? html`<p><button ?disabled=${this.busy} @click=${() => this.#load(this.next)}>${t('apps.more')}</button></p>`
        : nothing}`;
  }
}

customElements.define('offshoot-apps-page', AppsPage);
