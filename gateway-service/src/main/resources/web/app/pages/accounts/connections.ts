import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { field, typed } from '../../shell/field';
import { Fresh } from '../../shell/fresh';
import { announce } from '../../shell/announcer';
import { session } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t, wordsFor } from '../../words';
import { ago } from '../../words/format';
import { providerName } from '../../words/provider';

type Connection = components['schemas']['ConnectionView'];

const signs: Record<Connection['state'], string> = { READY: 'done', CHECKING: 'running', REFUSED: 'error' };

/** The hub's accounts by provider: whether each can be used, and forms to connect one, replace its token, take it away. */
class Connections extends LitElement {
  static override properties = {
    hub: {},
    providers: { attribute: false },
    may: { attribute: false },
    all: { state: true },
    /** Which form the outcome of the last change belongs to. */
    at: { state: true },
    link: { state: true },
  };

  declare hub: string;
  declare providers: string[];
  declare may: boolean;
  declare all?: Connection[];
  declare at?: string;
  declare link?: { provider: string; name: string; url: string; minutes: number };
  readonly #change = new Change(this);
  readonly #watched = new Set<string>();
  readonly #fresh = new Fresh(this, async () => {
    this.all = await session.client.get('/api/v1/connections');
    this.all.filter((it) => it.state === 'CHECKING').forEach((it) => void this.#watch(it.provider, it.name));
  });

  protected override createRenderRoot() {
    return this;
  }

  /** Until it is checked, or the page is left. */
  async #watch(provider: string, name: string): Promise<void> {
    const id = `${provider}/${name}`;
    if (this.#watched.has(id)) {
      return;
    }
    this.#watched.add(id);
    try {
      for (let tries = 0; this.isConnected && !document.hidden && tries < 15; tries++) {
        const view = await session.client.get('/api/v1/connections/{provider}/{name}', {
          path: { provider, name },
          query: { wait: '20' },
          timeout: 40_000,
        });
        this.#put(view);
        if (view.state !== 'CHECKING') {
          announce(`${providerName(provider)} ${name}: ${t(`accounts.${view.state.toLowerCase() as 'ready' | 'refused'}`)}`);
          return;
        }
      }
    } catch {
      // The list says what is wrong as soon as it is read again.
    } finally {
      this.#watched.delete(id);
    }
  }

  #put(view: Connection): void {
    const others = (this.all ?? []).filter((it) => it.provider !== view.provider || it.name !== view.name);
    this.all = [...others, view].sort((one, other) => one.name.localeCompare(other.name));
  }

  async #enter(event: SubmitEvent, provider: string, replaced?: Connection): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const id = form.id;
    const name = replaced?.name ?? typed(form, `${id}-name`);
    const body = { account: typed(form, `${id}-account`), token: typed(form, `${id}-token`) };
    this.at = id;
    const path = { provider, name };
    const done = await this.#change.make(
      async () => {
        const { data } = await session.client.call('PUT', '/api/v1/connections/{provider}/{name}', { path, body, idempotencyKey: this.#change.keyFor(path) });
        this.#put(data);
        void this.#watch(provider, name);
      },
      t('accounts.entered'),
    );
    if (done) {
      for (const sent of ['token', replaced ? 'token' : 'account']) {
        (form.elements.namedItem(`${id}-${sent}`) as HTMLInputElement).value = '';
      }
      (form.closest('details') as HTMLDetailsElement).open = false;
    }
  }

  async #install(event: SubmitEvent, provider: string): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const name = typed(form, `${form.id}-name`);
    const organization = typed(form, `${form.id}-organization`);
    this.at = form.id;
    this.link = undefined;
    await this.#change.make(async () => {
      const { data } = await session.client.call('POST', '/api/v1/connections/{provider}/{name}/installation', {
        path: { provider, name },
        body: { organization },
      });
      this.link = { provider, name, url: data.url, minutes: Math.floor(data.seconds / 60) };
    });
  }

  async #remove({ provider, name }: Connection): Promise<void> {
    const goAhead = await sure({
      heading: t('accounts.remove_title', { name, provider: providerName(provider) }),
      detail: t('accounts.remove_detail', { provider: providerName(provider) }),
      yes: t('accounts.remove_yes'),
    });
    if (!goAhead) {
      return;
    }
    this.at = `remove-${provider}`;
    await this.#change.make(async () => {
      await session.client.call('DELETE', '/api/v1/connections/{provider}/{name}', { path: { provider, name } });
      this.all = this.all?.filter((it) => it.provider !== provider || it.name !== name);
    }, t('accounts.removed'));
  }

  protected override render() {
    return html`
      <div class="sections">
        <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
        ${this.all ? this.providers.map((it) => this.#provider(it)) : nothing}
      </div>`;
  }

  #provider(provider: string) {
    const here = this.all!.filter((it) => it.provider === provider);
    const name = providerName(provider);
    return html`
      <section class="card">
        <h2>${name}</h2>
        ${here.length
          ? html`<ul class="things">${repeat(here, (it) => it.name, (it) => this.#connection(it))}</ul>`
          : html`<p class="empty">${t('accounts.none', { provider: name })}</p>`}
        ${this.at === `remove-${provider}`
          ? html`<offshoot-problem .error=${this.#change.failed}></offshoot-problem>`
          : nothing}
        ${this.may
          ? html`
              <details>
                <summary>${t('accounts.connect')}</summary>
                ${this.#form(provider)}
              </details>
              ${provider === 'github' ? this.#app(provider) : nothing}`
          : nothing}
      </section>`;
  }

  #connection(it: Connection) {
    const id = `${it.provider}-${it.name}`;
    const state = it.state.toLowerCase() as 'ready' | 'refused' | 'checking';
    return html`
      <li>
        <div class="head">
          <span><span class="name">${it.name}</span> <span class="small">${it.account}</span></span>
          <span class="state ${signs[it.state]}">${t(`accounts.${state}`)}</span>
        </div>
        ${it.code
          ? html`<p class=${it.state === 'REFUSED' ? 'error' : 'small'}>${wordsFor('connection', it.code) ?? it.problem}</p>
              ${it.problem && wordsFor('connection', it.code) ? html`<p class="small" lang="en">${it.problem}</p>` : nothing}`
          : nothing}
        <p class="small">
          ${it.by === 'OPERATOR'
            ? t('accounts.by_operator')
            : it.kind === 'INSTALLATION'
              ? t('accounts.by_app')
              : it.enteredAt
                ? t('accounts.entered_by', { who: it.enteredBy ?? '', when: ago(it.enteredAt) })
                : nothing}
          ${it.checkedAt ? `· ${t('accounts.checked', { when: ago(it.checkedAt) })}` : nothing}
        </p>
        ${this.may && it.by === 'HUB'
          ? html`
              <details>
                <summary>${it.kind === 'INSTALLATION' ? t('accounts.to_token') : t('accounts.replace')}</summary>
                ${this.#form(it.provider, it)}
              </details>
              <p><button class="danger" ?disabled=${this.#change.busy} aria-label=${t('accounts.remove_what', { name: it.name })}
                id="remove-${id}" @click=${() => this.#remove(it)}>${t('accounts.remove')}</button></p>`
          : nothing}
      </li>`;
  }

  #form(provider: string, replaced?: Connection) {
    const id = replaced ? `replace-${provider}-${replaced.name}` : `connect-${provider}`;
    const change = this.at === id ? this.#change : undefined;
    return html`
      <form class="stack" id=${id} @submit=${(event: SubmitEvent) => this.#enter(event, provider, replaced)}>
        ${replaced ? nothing : this.#name(id, change)}
        ${field(`${id}-account`, t(provider === 'vercel' ? 'accounts.team' : 'accounts.organization'), {
          help: provider === 'vercel' ? t('accounts.team_help') : undefined,
          value: replaced?.account,
          wrong: change?.wrong('/account'),
        })}
        ${field(`${id}-token`, t('accounts.token'), { secret: true, help: t('accounts.token_help'), wrong: change?.wrong('/token') })}
        <offshoot-problem .error=${change?.problem('', '/account', '/token')}></offshoot-problem>
        <p><button class="main" ?disabled=${this.#change.busy}>${t('accounts.send')}</button></p>
      </form>`;
  }

  #app(provider: string) {
    const id = `install-${provider}`;
    const change = this.at === id ? this.#change : undefined;
    return html`
      <details>
        <summary>${t('accounts.install')}</summary>
        <div class="inside stack">
          <p>${t('accounts.install_intro')}</p>
          <form class="stack" id=${id} @submit=${(event: SubmitEvent) => this.#install(event, provider)}>
            ${this.#name(id, change)}
            ${field(`${id}-organization`, t('accounts.organization'), { wrong: change?.wrong('/organization') })}
            <offshoot-problem .error=${change?.problem('', '/organization')}></offshoot-problem>
            <p><button ?disabled=${this.#change.busy}>${t('accounts.install_ask')}</button></p>
          </form>
          <div role="status">
            ${this.link
              ? html`<p>${t('accounts.install_ready', { n: this.link.minutes })}</p>
                  <p><a class="button main" href=${this.link.url} rel="noopener noreferrer">${t('accounts.install_open')}</a></p>
                  <p class="small">${t('accounts.install_back')}</p>`
              : nothing}
          </div>
        </div>
      </details>`;
  }

  #name(id: string, change?: Change) {
    return field(`${id}-name`, t('accounts.name'), {
      help: t('accounts.name_help', { hub: this.hub }),
      value: this.hub,
      pattern: '[a-z0-9][a-z0-9\\-]{0,62}',
      wrong: change?.wrong(''),
    });
  }
}

customElements.define('offshoot-connections', Connections);
