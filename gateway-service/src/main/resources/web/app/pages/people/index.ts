import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { lists } from '../../look/lists';
import { wear } from '../../look/wear';
import { Fresh } from '../../shell/fresh';
import { session, type Credential } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t } from '../../words';
import './api-keys';
import './hub-keys';
import './members';
import './policy';

wear(lists);

/** Who may act for the hub, and with what. */
class PeoplePage extends LitElement {
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
    setTitle(t('people.title'));
  }

  protected override render() {
    return html`
      <h1>${t('people.title')}</h1>
      <p class="small">${t('people.intro', { hub: this.who?.hub ?? '…' })}</p>
      <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
      ${this.who
        ? html`
            <offshoot-members .who=${this.who}></offshoot-members>
            <offshoot-api-keys .who=${this.who}></offshoot-api-keys>
            <offshoot-hub-keys .hub=${this.who.hub}></offshoot-hub-keys>
            <offshoot-policy .hub=${this.who.hub}></offshoot-policy>`
        : nothing}`;
  }
}

customElements.define('offshoot-people-page', PeoplePage);
