import { LitElement, html } from 'lit';

/** Asks before something that cannot simply be taken back. `await element.ask()` is whether to go ahead. */
export class Confirm extends LitElement {
  static override properties = { heading: {}, detail: {}, yes: {}, no: {} };

  declare heading: string;
  declare detail: string;
  declare yes: string;
  declare no: string;
  #answer?: (goAhead: boolean) => void;

  protected override createRenderRoot() {
    return this;
  }

  ask(): Promise<boolean> {
    const dialog = this.querySelector('dialog')!;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  protected override render() {
    return html`
      <dialog aria-labelledby="confirm" @close=${(event: Event) => this.#answer?.((event.target as HTMLDialogElement).returnValue === 'yes')}>
        <h2 id="confirm">${this.heading}</h2>
        <p>${this.detail}</p>
        <form method="dialog" class="row">
          <button value="no" autofocus>${this.no}</button>
          <button value="yes" class="danger">${this.yes}</button>
        </form>
      </dialog>`;
  }
}

customElements.define('offshoot-confirm', Confirm);
