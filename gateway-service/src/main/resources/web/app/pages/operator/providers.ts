import { LitElement, html, nothing } from 'lit';
import type { components } from '../../../client';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { t } from '../../words';
import { ago, duration, number } from '../../words/format';
import { providerName } from '../../words/provider';

type Provider = components['schemas']['ProviderView'];
type Lane = components['schemas']['Lane'];

/** Whether each provider's executors are there, what waits, and what the provider's limits leave. */
class Providers extends LitElement {
  static override properties = { all: { state: true } };

  declare all?: Provider[];
  readonly #fresh = new Fresh(this, async () => {
    this.all = await session.client.get('/api/v1/providers');
  });

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    return html`
      <section class="card">
        <div class="head">
          <h2>${t('operator.providers')}</h2>
          <button class="quiet" ?disabled=${this.#fresh.busy} @click=${() => this.#fresh.read()}>${t('hub.look_again')}</button>
        </div>
        <offshoot-problem .error=${this.#fresh.failed}></offshoot-problem>
        <ul class="things" ?hidden=${!this.all?.length}>
          ${this.all?.map((it) => html`
            <li>
              <div class="head">
                <h3>${providerName(it.provider)}</h3>
                <span class="state ${it.ready ? 'done' : 'error'}">${t(it.ready ? 'operator.ready' : 'operator.not_ready')}</span>
              </div>
              ${it.ready ? nothing : html`<p class="small">${it.heard ? t('operator.last_heard', { when: ago(it.heard) }) : t('operator.never_heard')}</p>`}
              ${it.connections.length
                ? html`<dl class="lanes">${it.connections.map((at) => html`<dt>${at.name} <span class="small">${at.account ?? nothing}</span></dt><dd>${this.#lane(at.lane)}</dd>`)}</dl>`
                : html`<p class="empty">${t('operator.no_connections')}</p>`}
            </li>`)}
        </ul>
      </section>`;
  }

  #lane(lane: Lane) {
    const blocked = lane.blockedUntil && Date.parse(lane.blockedUntil) > Date.now();
    return html`
      <span>${t('operator.lane', { queued: number(lane.queued), live: number(lane.live), most: number(lane.liveAtMost) })}</span>
      ${blocked ? html`<span class="error">${t('operator.blocked', { when: ago(lane.blockedUntil!) })}</span>` : nothing}
      ${lane.windows.map((it) => html`<span class="small">${t('operator.window', { used: number(it.used), limit: number(it.limit), time: duration(it.lengthSeconds * 1000) })}</span>`)}
      ${lane.allowances.map((it) => html`<span class="small">${it.limit === undefined
        ? t('operator.allowance', { resource: it.resource, left: number(it.remaining) })
        : t('operator.allowance_of', { resource: it.resource, left: number(it.remaining), limit: number(it.limit) })}</span>`)}`;
  }
}

customElements.define('offshoot-providers', Providers);
