import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t } from '../../words';
import { ago } from '../../words/format';

type HubKey = components['schemas']['KeyView'];

/** The keys that the hub signs with. Whoever holds one registers it by a signature; here one is looked at and revoked. */
class HubKeys extends LitElement {
  static override properties = { hub: {}, all: { state: true } };

  declare hub: string;
  declare all?: HubKey[];
  readonly #change = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.all = (await session.client.get('/api/v1/hubs/{hub}/keys', { path: { hub: this.hub } })).keys;
  });

  protected override createRenderRoot() {
    return this;
  }

  async #revoke({ kid, name }: HubKey): Promise<void> {
    if (await sure({ heading: t('keys.revoke_title', { name: name || kid }), detail: t('keys.hub_revoke_detail'), yes: t('keys.revoke_yes') })) {
      const done = await this.#change.make(
        () => session.client.call('DELETE', '/api/v1/hubs/{hub}/keys/{kid}', { path: { hub: this.hub, kid } }),
        t('keys.revoked_now', { name: name || kid }),
      );
      if (done) {
        await this.#fresh.read();
      }
    }
  }

  protected override render() {
    return html`
      <section class="card">
        <h2>${t('keys.hub_title')}</h2>
        <p class="small">${t('keys.hub_intro')}</p>
        <offshoot-problem .error=${this.#fresh.failed ?? this.#change.failed} .retry=${this.#fresh.failed ? () => this.#fresh.read() : undefined}></offshoot-problem>
        ${this.all?.length === 0 ? html`<p class="empty">${t('keys.hub_none')}</p>` : nothing}
        <ul class="things" ?hidden=${!this.all?.length}>
          ${repeat(this.all ?? [], (it) => it.kid, (it) => {
            const past = it.revokedAt ?? it.retiredAt;
            return html`
              <li>
                <div class="head">
                  <span class="name">${it.name || it.kid}</span>
                  ${past
                    ? html`<span class="state idle">${t(it.revokedAt ? 'keys.revoked' : 'keys.retired')}</span>`
                    : nothing}
                  ${it.revokedAt
                    ? nothing
                    : html`<button class="danger" ?disabled=${this.#change.busy} aria-label=${t('keys.revoke_what', { name: it.name || it.kid })}
                        @click=${() => this.#revoke(it)}>${t('keys.revoke')}</button>`}
                </div>
                ${it.name ? html`<code>${it.kid}</code>` : nothing}
                <p class="small">${t('keys.since', { when: ago(it.addedAt) })}</p>
              </li>`;
          })}
        </ul>
      </section>`;
  }
}

customElements.define('offshoot-hub-keys', HubKeys);
