import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { field, typed } from '../../shell/field';
import { Fresh } from '../../shell/fresh';
import '../../shell/once';
import { session, type Credential } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t, wordsFor } from '../../words';
import { ago, dateTime } from '../../words/format';
import { givable, permissions, roleField, roleName, type Role } from './roles';

type ApiKey = components['schemas']['ApiKey'];

/** The keys that programs have: made here and shown once, revoked here. */
class ApiKeys extends LitElement {
  static override properties = { who: { attribute: false }, all: { state: true }, made: { state: true }, role: { state: true } };

  declare who: Credential;
  declare all?: ApiKey[];
  /** One that is shown, this once. */
  declare made?: string;
  declare role: Role;
  readonly #making = new Change(this);
  readonly #revoking = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.all = (await session.client.get('/api/v1/hubs/{hub}/api-keys', { path: { hub: this.who.hub } })).apiKeys;
  });

  constructor() {
    super();
    this.role = 'member';
  }

  protected override createRenderRoot() {
    return this;
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const scopes = [...form.querySelectorAll<HTMLInputElement>('[name="scopes"]:checked')].map((it) => it.value);
    const until = typed(form, 'key-until');
    const body = {
      name: typed(form, 'key-name'),
      role: this.role,
      ...(scopes.length < permissions[this.role].length ? { scopes } : {}),
      // The whole of that day, where the reader is.
      ...(until ? { expiresAt: new Date(`${until}T23:59:59`).toISOString() } : {}),
    };
    const done = await this.#making.make(async () => {
      const { data } = await session.client.call('POST', '/api/v1/hubs/{hub}/api-keys', {
        path: { hub: this.who.hub },
        body,
        idempotencyKey: this.#making.keyFor(body),
      });
      this.made = data.key;
    });
    if (done) {
      (form.closest('details') as HTMLDetailsElement).open = false;
      (form.elements.namedItem('key-name') as HTMLInputElement).value = '';
    }
    await this.#fresh.read();
  }

  async #revoke({ id, name }: ApiKey): Promise<void> {
    if (await sure({ heading: t('keys.revoke_title', { name }), detail: t('keys.revoke_detail'), yes: t('keys.revoke_yes') })) {
      const done = await this.#revoking.make(
        () => session.client.call('DELETE', '/api/v1/hubs/{hub}/api-keys/{key}', { path: { hub: this.who.hub, key: id } }),
        t('keys.revoked_now', { name }),
      );
      if (done) {
        await this.#fresh.read();
      }
    }
  }

  protected override render() {
    const live = this.all?.filter((it) => !ended(it)) ?? [];
    const past = this.all?.filter(ended) ?? [];
    const change = this.#making;
    return html`
      <section class="card">
        <h2>${t('keys.title')}</h2>
        <p class="small">${t('keys.intro')}</p>
        <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
        ${this.made
          ? html`<offshoot-shown-once heading=${t('keys.made')} detail=${t('keys.made_detail')} .value=${this.made}
              @seen=${() => (this.made = undefined)}></offshoot-shown-once>`
          : nothing}
        ${this.all && !live.length ? html`<p class="empty">${t('keys.none')}</p>` : nothing}
        <ul class="things" ?hidden=${!live.length}>${repeat(live, (it) => it.id, (it) => this.#key(it))}</ul>
        <offshoot-problem .error=${this.#revoking.failed}></offshoot-problem>
        ${past.length
          ? html`<details><summary>${t('keys.past')}</summary><ul class="things inside">${repeat(past, (it) => it.id, (it) => this.#key(it))}</ul></details>`
          : nothing}
        <details>
          <summary>${t('keys.make')}</summary>
          <form class="stack" @submit=${(event: SubmitEvent) => this.#make(event)}>
            ${field('key-name', t('keys.name'), { help: t('keys.name_help'), wrong: change.wrong('/name') })}
            ${roleField('key-role', givable(this.who), this.role, (role) => (this.role = role))}
            <fieldset>
              <legend>${t('keys.may')}</legend>
              <div class="checks">
                ${repeat(permissions[this.role], (it) => `${this.role}-${it}`, (it) => html`<label class="check"><input type="checkbox" name="scopes" value=${it} checked>${scopeName(it)}</label>`)}
              </div>
            </fieldset>
            ${field('key-until', t('keys.until'), { type: 'date', required: false, help: t('keys.until_help'), wrong: change.wrong('/expiresAt') })}
            <offshoot-problem .error=${change.problem('/name', '/expiresAt')}></offshoot-problem>
            <p><button class="main" ?disabled=${change.busy}>${t('keys.send')}</button></p>
          </form>
        </details>
      </section>`;
  }

  #key(it: ApiKey) {
    const scopes = it.scopes ?? [];
    const narrowed = scopes.length < (permissions[it.role as Role]?.length ?? 0);
    return html`
      <li>
        <div class="head">
          <span><span class="name">${it.name}</span> <span class="small">${roleName(it.role)}</span></span>
          ${ended(it)
            ? html`<span class="state idle">${t(it.revokedAt ? 'keys.revoked' : 'keys.expired')}</span>`
            : html`<button class="danger" ?disabled=${this.#revoking.busy} aria-label=${t('keys.revoke_what', { name: it.name })}
                @click=${() => this.#revoke(it)}>${t('keys.revoke')}</button>`}
        </div>
        <p class="small"><code>${it.id}</code> · ${t('keys.since', { when: ago(it.createdAt) })}
          ${it.revokedAt
            ? `· ${t('keys.revoked_at', { when: dateTime(it.revokedAt) })}`
            : it.expiresAt
              ? `· ${t('keys.until_at', { when: dateTime(it.expiresAt) })}`
              : nothing}</p>
        ${narrowed ? html`<p class="small">${t('keys.only', { scopes: scopes.map(scopeName).join(', ') })}</p>` : nothing}
      </li>`;
  }
}

function ended(it: ApiKey): boolean {
  return it.revokedAt !== undefined || (it.expiresAt !== undefined && Date.parse(it.expiresAt) <= Date.now());
}

function scopeName(scope: string): string {
  return wordsFor('keys', `scope_${scope}`) ?? scope;
}

customElements.define('offshoot-api-keys', ApiKeys);
