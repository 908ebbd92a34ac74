import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { lists } from '../../look/lists';
import { wear } from '../../look/wear';
import { Fresh } from '../../shell/fresh';
import { session, type Credential } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import './audit';
import './dead-letters';
import './providers';

wear(lists);

/** How it runs: the providers, for operators what no service could take in, and who did what. */
class OperatorPage extends LitElement {
  static override properties = { who: { state: true } };

  declare who?: Credential;
  readonly #fresh = new Fresh(this, async () => {
    this.who = await session.who();
  });

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.classList.add('hub');
    setTitle(t('operator.title'));
  }

  protected override render() {
    const may = (permission: string) => this.who?.permissions.includes(permission) ?? false;
    return html`
      <h1>${t('operator.title')}</h1>
      <p class="small">${t('operator.intro')}</p>
      <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
      ${may('watch') ? html`<offshoot-providers></offshoot-providers>` : nothing}
      ${may('operate') ? html`<offshoot-dead-letters></offshoot-dead-letters>` : nothing}
      ${this.who ? html`<offshoot-audit .everywhere=${may('operate')}></offshoot-audit>` : nothing}`;
  }
}

customElements.define('offshoot-operator-page', OperatorPage);
