import { LitElement, html, nothing } from 'lit';

const SHOWN_FOR = 8000;

/** Where `announce` and `toast` end up. */
class Toasts extends LitElement {
  static override properties = { said: { state: true }, shown: { state: true } };

  declare said: string;
  declare shown: boolean;
  #timer?: number;

  constructor() {
    super();
    this.said = '';
    this.shown = false;
    addEventListener('offshoot-announce', (event) => {
      const { words, shown } = (event as CustomEvent<{ words: string; shown: boolean }>).detail;
      this.said = words;
      this.shown = shown;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => (this.shown = false), SHOWN_FOR);
    });
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    return html`
      <div class="unseen" aria-live="polite">${this.said}</div>
      ${this.shown ? html`<div class="toast" aria-hidden="true">${this.said}</div>` : nothing}`;
  }
}

customElements.define('offshoot-toasts', Toasts);
