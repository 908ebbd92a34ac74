import { LitElement, html } from 'lit';

/** How far a deployment has come. */
class Progress extends LitElement {
  protected override render() {
    return html`<p></p>`;
  }
}

customElements.define('offshoot-progress', Progress);
