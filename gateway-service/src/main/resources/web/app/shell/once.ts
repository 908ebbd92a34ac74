import { LitElement, html } from 'lit';
import { t } from '../words';
import { toast } from './announcer';

/** Shows what is shown once: a secret that was just made, with a button that copies it, and one that lets it go. */
export class ShownOnce extends LitElement {
  static override properties = { heading: {}, value: {}, detail: {} };

  declare heading: string;
  declare value: string;
  declare detail: string;

  protected override createRenderRoot() {
    return this;
  }

  protected override firstUpdated() {
    this.querySelector<HTMLElement>('h2')!.focus();
  }

  protected override render() {
    return html`
      <section class="card once" role="group" aria-labelledby="once">
        <h2 id="once" tabindex="-1">${this.heading}</h2>
        <p>${this.detail}</p>
        <pre tabindex="0" aria-labelledby="once"><code>${this.value}</code></pre>
        <p class="row">
          <button class="main" @click=${() => this.#copy()}>${t('hub.copy')}</button>
          <button @click=${() => this.dispatchEvent(new Event('seen'))}>${t('hub.kept')}</button>
        </p>
      </section>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.value);
      toast(t('hub.copied'));
    } catch {
      // A page that came by plain http may not: then it is marked, to be copied by hand.
      getSelection()?.selectAllChildren(this.querySelector('code')!);
      toast(t('hub.copy_by_hand'));
    }
  }
}

customElements.define('offshoot-shown-once', ShownOnce);
