import { LitElement, html } from 'lit';
import '../../../progress';
class DeploymentPage extends LitElement {
  declare params: { id: string };
  protected override createRenderRoot() { return this; }
  protected override render() { return html`<offshoot-progress deployment=${this.params.id}></offshoot-progress>`; }
}
customElements.define('offshoot-deployment-page', DeploymentPage);
