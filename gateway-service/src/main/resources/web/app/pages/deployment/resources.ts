import { LitElement, html, nothing } from 'lit';
import type { components } from '../../../client';
import { session } from '../../shell/session';
import { t } from '../../words';
import { ago } from '../../words/format';

/** The ledger: what the deployment owns at the providers. Asked for when it is first opened, and whenever `stamp` changes. */
class Resources extends LitElement {
  static override properties = { deployment: {}, stamp: {}, owned: { state: true }, failed: { state: true } };

  declare deployment: string;
  declare stamp: string;
  declare owned?: components['schemas']['ResourceView'][];
  declare failed?: unknown;

  protected override createRenderRoot() {
    return this;
  }

  protected override updated(changed: Map<string, unknown>) {
    if (changed.has('stamp') && this.owned) {
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    try {
      this.owned = await session.client.get('/api/v1/deployments/{id}/resources', { path: { id: this.deployment } });
      this.failed = undefined;
    } catch (error) {
      this.failed = error;
    }
  }

  protected override render() {
    return html`
      <details class="card" @toggle=${(event: Event) => (event.target as HTMLDetailsElement).open && this.#load()}>
        <summary><h2>${t('deployment.resources')}</h2></summary>
        <offshoot-problem .error=${this.failed} .retry=${() => this.#load()}></offshoot-problem>
        ${this.owned?.length === 0 ? html`<p>${t('deployment.resources_none')}</p>` : nothing}
        ${this.owned?.length
          ? html`<p class="small">${t('deployment.resources_intro')}</p>
              <ul class="ledger">
                ${this.owned.map(
                  (it) => html`<li>
                    <strong>${it.name ?? it.id}</strong>
                    <span class="small">${it.provider} · ${it.kind?.replace(/-/g, ' ')} · ${it.account} · ${it.appId}</span>
                    <span class="small">${t(it.verb === 'ADOPTED' ? 'deployment.taken_up' : 'deployment.made', { when: ago(String(it.firstSeen)) })}</span>
                  </li>`,
                )}
              </ul>`
          : nothing}
      </details>`;
  }
}

customElements.define('offshoot-resources', Resources);
