import { LitElement, html, nothing } from 'lit';
import { chooseLanguage, language, languages, t, type Language } from '../words';
import { followLinks, placeAt, routes, type Place } from './router';
import { saver } from './saver';
import { session } from './session';
import './problem';
import './sign-in';
import './toasts';

/** The frame around every page: who is signed in, where one can go, what is said aloud. */
export class Console extends LitElement {
  static override properties = { place: { state: true }, failed: { state: true }, may: { state: true } };

  declare place: Place;
  declare failed?: unknown;
  /** What the navigation shows depends on it; not known at first. */
  declare may: readonly string[];
  #page?: HTMLElement;

  constructor() {
    super();
    this.place = placeAt(location.pathname);
    addEventListener('popstate', () => void this.#open(placeAt(location.pathname), true));
    addEventListener('hashchange', () => session.readLink());
    this.may = [];
    session.addEventListener('change', () => this.#changed());
    addEventListener('online', () => void this.#know());
    void this.#know();
    followLinks();
    void this.#open(this.place, false);
  }

  protected override createRenderRoot() {
    // What index.html shows until now
    this.replaceChildren();
    return this;
  }

  #changed(): void {
    this.requestUpdate();
    void this.#know();
  }

  /** On a phone there are more entries than fit: the one of this page is brought into view. */
  protected override updated() {
    this.querySelector('nav [aria-current]')?.scrollIntoView?.({ block: 'nearest', inline: 'center' });
  }

  async #know(): Promise<void> {
    if (!session.signedIn) {
      this.may = [];
    } else if (!session.refused) {
      this.may = await session.who().then((it) => it.permissions, () => this.may);
    }
  }

  async #open(place: Place, moved: boolean): Promise<void> {
    this.place = place;
    this.failed = undefined;
    try {
      await place.route.load();
    } catch (error) {
      this.failed = error;
      return;
    }
    if (this.place !== place) {
      return;
    }
    const page = document.createElement(place.route.element);
    (page as HTMLElement & { params?: Record<string, string> }).params = place.params;
    this.#page = page;
    this.requestUpdate();
    if (moved) {
      await this.updateComplete;
      scrollTo(0, 0);
      this.querySelector('main')?.focus({ preventScroll: true });
    }
  }

  protected override render() {
    document.documentElement.lang = language();
    return html`
      <a class="skip" href="#main">${t('shell.skip')}</a>
      <header class="bar">
        <a class="brand" href="/">Offshoot</a>
        ${session.signedIn
          ? html`<nav aria-label=${t('shell.pages')}>
              ${routes.map((it) =>
                it.nav && (!it.needs || this.may.includes(it.needs))
                  ? html`<a href=${it.path} aria-current=${it === this.place.route ? 'page' : nothing}>${t(it.nav)}</a>`
                  : nothing,
              )}
            </nav>`
          : nothing}
      </header>
      <main id="main" tabindex="-1">
        ${!session.signedIn
          ? html`<offshoot-sign-in></offshoot-sign-in>`
          : this.failed
            ? html`<offshoot-problem .error=${this.failed} .retry=${() => location.reload()}></offshoot-problem>`
            : (this.#page ?? html`<p class="loading">${t('shell.loading')}</p>`)}
      </main>
      <footer class="foot">
        <label>
          ${t('shell.language')}
          <select @change=${(event: Event) => this.#speak((event.target as HTMLSelectElement).value as Language)}>
            ${Object.entries(languages).map(
              ([code, name]) => html`<option value=${code} lang=${code} ?selected=${code === language()}>${name}</option>`,
            )}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" .checked=${saver.on}
            @change=${(event: Event) => (saver.on = (event.target as HTMLInputElement).checked)}>
          ${t('shell.saver')}
        </label>
        ${session.signedIn
          ? html`<button class="quiet" @click=${() => session.signOut()}>${t('shell.sign_out')}</button>`
          : nothing}
      </footer>
      ${session.refused ? html`<offshoot-sign-in-again></offshoot-sign-in-again>` : nothing}
      <offshoot-toasts></offshoot-toasts>`;
  }

  /** The page is loaded anew: it is on the device already, but for the words. */
  async #speak(chosen: Language): Promise<void> {
    await chooseLanguage(chosen);
    location.reload();
  }
}
