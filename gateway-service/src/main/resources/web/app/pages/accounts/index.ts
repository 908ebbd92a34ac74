import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { lists } from '../../look/lists';
import { wear } from '../../look/wear';
import { Fresh } from '../../shell/fresh';
import { session, type Credential } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import './connections';
import './secrets';

wear(lists);

/** The accounts that the hub has connected, and the secrets that its apps are given. */
class AccountsPage extends LitElement {
  static override properties = { who: { state: true }, providers: { state: true } };

  declare who?: Credential;
  declare providers?: string[];
  readonly #fresh = new Fresh(this, async () => {
    const [who, providers] = await Promise.all([session.who(), session.client.get('/api/v1/providers')]);
    this.who = who;
    this.providers = providers.map((it) => it.provider);
  });

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.classList.add('hub');
    setTitle(t('accounts.title'));
  }

  protected override render() {
    const may = this.who?.permissions.includes('secrets') ?? false;
    return html`
      <h1>${t('accounts.title')}</h1>
      <p class="small">${t('accounts.intro')}</p>
      <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
      ${this.who && this.providers
        ? html`
            <offshoot-connections .hub=${this.who.hub} .providers=${this.providers} .may=${may}></offshoot-connections>
            ${may ? html`<offshoot-secrets></offshoot-secrets>` : html`<p class="small">${t('accounts.only_owners')}</p>`}`
        : this.#fresh.failed
          ? nothing
          : html`<p class="loading">${t('shell.loading')}</p>`}`;
  }
}

customElements.define('offshoot-accounts-page', AccountsPage);
