import { LitElement, html, nothing } from 'lit';
import { ActionError } from '../../client';
import { t } from '../words';
import { session } from './session';

/** A field for a token or an API key, and what came of it. */
class TokenForm extends LitElement {
  static override properties = { failed: { state: true }, busy: { state: true } };

  declare failed?: unknown;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    const refused = this.failed instanceof ActionError && this.failed.status === 401;
    return html`
      <form class="stack" @submit=${(event: SubmitEvent) => this.#signIn(event)}>
        <label for="token">${t('signin.token')}</label>
        <input id="token" name="token" type="password" autocomplete="off" autocapitalize="off" spellcheck="false" required
          aria-describedby="token-help" aria-invalid=${refused ? 'true' : nothing}>
        <p id="token-help" class="small">${t('signin.help')}</p>
        ${refused
          ? html`<p class="error" role="alert">${t('signin.refused')}</p>`
          : html`<offshoot-problem .error=${this.failed}></offshoot-problem>`}
        <button class="main" ?disabled=${this.busy}>${this.busy ? t('signin.checking') : t('signin.sign_in')}</button>
      </form>`;
  }

  async #signIn(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    this.busy = true;
    this.failed = undefined;
    try {
      await session.signIn(field.value);
      field.value = '';
    } catch (error) {
      this.failed = error;
      field.focus();
    } finally {
      this.busy = false;
    }
  }
}

/** What those see who are not signed in. */
class SignIn extends LitElement {
  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    return html`
      <section class="card narrow">
        <h1>${t('signin.title')}</h1>
        <p>${t('signin.intro')}</p>
        <offshoot-token-form></offshoot-token-form>
      </section>`;
  }
}

/** Asks again when the token is not taken any more, over the page: nothing that was typed there is lost. */
class SignInAgain extends LitElement {
  protected override createRenderRoot() {
    return this;
  }

  protected override firstUpdated() {
    this.querySelector('dialog')!.showModal();
  }

  protected override render() {
    return html`
      <dialog aria-labelledby="again" @cancel=${(event: Event) => event.preventDefault()}>
        <h1 id="again">${t('signin.again_title')}</h1>
        <p>${t('signin.again')}</p>
        <offshoot-token-form></offshoot-token-form>
        <p><button class="quiet" @click=${() => session.signOut()}>${t('shell.sign_out')}</button></p>
      </dialog>`;
  }
}

customElements.define('offshoot-token-form', TokenForm);
customElements.define('offshoot-sign-in', SignIn);
customElements.define('offshoot-sign-in-again', SignInAgain);
