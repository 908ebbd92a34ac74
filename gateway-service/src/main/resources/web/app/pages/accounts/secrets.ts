import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { field, typed } from '../../shell/field';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t } from '../../words';
import { ago, number } from '../../words/format';
import { providerName } from '../../words/provider';

type Secret = components['schemas']['SecretView'];

/** The hub's secrets by name: never a value. One is set to a value, or to where it is kept in the installation's vault. */
class Secrets extends LitElement {
  static override properties = { all: { state: true }, vault: { state: true } };

  declare all?: Secret[];
  /** Whether the form asks for a place in the vault. */
  declare vault: boolean;
  readonly #setting = new Change(this);
  readonly #deleting = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.all = await session.client.get('/api/v1/secrets');
  });

  constructor() {
    super();
    this.vault = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  async #set(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const name = typed(form, 'secret-name');
    const body = this.vault
      ? { vault: { path: typed(form, 'secret-path'), key: typed(form, 'secret-key') } }
      : { value: (form.elements.namedItem('secret-value') as HTMLTextAreaElement).value };
    const done = await this.#setting.make(async () => {
      await session.client.call('PUT', '/api/v1/secrets/{name}', { path: { name }, body });
    }, t('secrets.done', { name }));
    if (done) {
      form.reset();
      (form.closest('details') as HTMLDetailsElement).open = false;
      await this.#fresh.read();
    }
  }

  async #delete({ name }: Secret): Promise<void> {
    if (await sure({ heading: t('secrets.delete_title', { name }), detail: t('secrets.delete_detail'), yes: t('secrets.delete_yes') })) {
      const done = await this.#deleting.make(
        () => session.client.call('DELETE', '/api/v1/secrets/{name}', { path: { name } }),
        t('secrets.deleted', { name }),
      );
      if (done) {
        await this.#fresh.read();
      }
    }
  }

  protected override render() {
    const change = this.#setting;
    return html`
      <section class="card">
        <h2>${t('secrets.title')}</h2>
        <p class="small">${t('secrets.intro')}</p>
        <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
        ${this.all?.length === 0 ? html`<p class="empty">${t('secrets.none')}</p>` : nothing}
        <ul class="things" ?hidden=${!this.all?.length}>
          ${repeat(this.all ?? [], (it) => it.name, (it) => html`
            <li>
              <div class="head">
                <code class="name">${it.name}</code>
                <button class="danger" ?disabled=${this.#deleting.busy} aria-label=${t('secrets.delete_what', { name: it.name })}
                  @click=${() => this.#delete(it)}>${t('secrets.delete')}</button>
              </div>
              <p class="small">${t('secrets.set_by', { n: number(it.version), who: it.setBy, when: ago(it.setAt) })}
                ${it.inVault ? `· ${t('secrets.in_vault')}` : nothing}
                ${it.sealedFor.length ? `· ${t('secrets.for', { providers: it.sealedFor.map(providerName).join(', ') })}` : nothing}</p>
            </li>`)}
        </ul>
        <offshoot-problem .error=${this.#deleting.failed}></offshoot-problem>
        <details>
          <summary>${t('secrets.set')}</summary>
          <form class="stack" @submit=${(event: SubmitEvent) => this.#set(event)}>
            ${field('secret-name', t('secrets.name'), { help: t('secrets.name_help'), pattern: '[A-Za-z_][A-Za-z0-9_]{0,127}', placeholder: 'BOT_TOKEN', wrong: change.wrong('', '/name') })}
            <fieldset>
              <legend>${t('secrets.where')}</legend>
              <div class="checks">
                <label class="check"><input type="radio" name="secret-where" .checked=${!this.vault} @change=${() => (this.vault = false)}>${t('secrets.here')}</label>
                <label class="check"><input type="radio" name="secret-where" .checked=${this.vault} @change=${() => (this.vault = true)}>${t('secrets.vault')}</label>
              </div>
            </fieldset>
            ${this.vault
              ? html`
                  ${field('secret-path', t('secrets.path'), { help: t('secrets.path_help'), placeholder: 'bots/news', wrong: change.wrong('/vault/path') })}
                  ${field('secret-key', t('secrets.key'), { placeholder: 'token', wrong: change.wrong('/vault/key') })}`
              : field('secret-value', t('secrets.value'), { secret: true, lines: true, help: t('secrets.value_help'), wrong: change.wrong('/value') })}
            <offshoot-problem .error=${change.problem('', '/name', '/value', '/vault/path', '/vault/key')}></offshoot-problem>
            <p><button class="main" ?disabled=${change.busy}>${t('secrets.send')}</button></p>
          </form>
        </details>
      </section>`;
  }
}

customElements.define('offshoot-secrets', Secrets);
