import '../../shared';
import { LitElement, html, nothing } from 'lit';
import type { OutputOf } from '../../../client';
import { wear } from '../../look/wear';
import { session } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import { said } from '../../words/said';
import { styles } from './styles';

type Workflow = OutputOf<'/api/v1/workflows', 'get'>[number];

wear(styles);

/** What there is to deploy: what one gets, and what to have ready. */
class CataloguePage extends LitElement {
  static override properties = { workflows: { state: true }, failed: { state: true } };

  declare workflows?: Workflow[];
  declare failed?: unknown;
  readonly #again = () => void (session.refused || this.#load());

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    setTitle(t('catalogue.title'));
    session.addEventListener('change', this.#again);
    addEventListener('online', this.#again);
    void this.#load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener('change', this.#again);
    removeEventListener('online', this.#again);
  }

  async #load(): Promise<void> {
    try {
      this.workflows = await session.client.get('/api/v1/workflows');
      this.failed = undefined;
    } catch (error) {
      this.failed = error;
    }
  }

  protected override render() {
    return html`
      <h1>${t('catalogue.title')}</h1>
      <p class="small">${t('catalogue.intro')}</p>
      <offshoot-problem .error=${this.failed} .retry=${() => this.#load()}></offshoot-problem>
      ${!this.workflows && !this.failed ? html`<p class="loading">${t('shell.loading')}</p>` : nothing}
      <ul class="offers">
        ${this.workflows?.map(
          (it) => html`<li class="card">
            <h2>${said(it.id, 'title', it.title)}</h2>
            <p>${said(it.id, 'description', it.description)}</p>
            ${it.prepare.length
              ? html`<h3>${t('catalogue.ready')}</h3>
                  <ul class="ready">${it.prepare.map((words, i) => html`<li>${said(it.id, `prepare_${i + 1}`, words)}</li>`)}</ul>`
              : nothing}
            <details>
              <summary>${t('catalogue.steps', { n: it.actions.length })}</summary>
              <ol>${it.actions.map((step) => html`<li>${said(it.id, step.id, step.title, 'step')}</li>`)}</ol>
            </details>
            <a class="button main" href="/new/${it.id}" aria-label=${t('catalogue.start_what', { what: said(it.id, 'title', it.title).text })}>
              ${t('catalogue.start')}
            </a>
          </li>`,
        )}
      </ul>`;
  }
}

customElements.define('offshoot-catalogue-page', CataloguePage);
