import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { components } from '../../../client';
import { Change } from '../../shell/change';
import { field, typed } from '../../shell/field';
import { Fresh } from '../../shell/fresh';
import { session, type Credential } from '../../shell/session';
import { sure } from '../../shell/sure';
import { t } from '../../words';
import { ago } from '../../words/format';
import { givable, roleField, roleName } from './roles';

type Member = components['schemas']['Member'];

/** The hub's members with their roles. */
class Members extends LitElement {
  static override properties = { who: { attribute: false }, all: { state: true }, at: { state: true } };

  declare who: Credential;
  declare all?: Member[];
  /** Which form the last change came from; the list's own is without a name. */
  declare at: string;
  readonly #change = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.all = (await session.client.get('/api/v1/hubs/{hub}/members', { path: { hub: this.who.hub } })).members;
  });

  constructor() {
    super();
    this.at = '';
  }

  protected override createRenderRoot() {
    return this;
  }

  /** A subject may have any sign in it, which the client's ids may not. */
  #path(subject: string): string {
    return `/api/v1/hubs/${encodeURIComponent(this.who.hub)}/members/${encodeURIComponent(subject)}`;
  }

  async #put(event: SubmitEvent, known?: Member): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const id = form.id;
    const subject = known?.subject ?? typed(form, `${id}-subject`);
    const name = known ? known.name : typed(form, `${id}-name`);
    const body = { role: typed(form, `${id}-role`), ...(name ? { name } : {}) };
    this.at = id;
    const done = await this.#change.make(
      () => session.sender.send({ method: 'PUT', path: this.#path(subject), body }),
      t(known ? 'people.changed' : 'people.added'),
    );
    if (done) {
      (form.closest('details') as HTMLDetailsElement).open = false;
      if (!known) {
        form.reset();
      }
      await this.#fresh.read();
    }
  }

  async #remove({ subject, name }: Member): Promise<void> {
    const goAhead = await sure({
      heading: t('people.remove_title', { name: name ?? subject }),
      detail: t('people.remove_detail'),
      yes: t('people.remove_yes'),
    });
    if (goAhead) {
      this.at = '';
      const done = await this.#change.make(
        () => session.sender.send({ method: 'DELETE', path: this.#path(subject) }),
        t('people.removed'),
      );
      if (done) {
        await this.#fresh.read();
      }
    }
  }

  protected override render() {
    const adding = this.at === 'member' ? this.#change : undefined;
    const roles = givable(this.who);
    return html`
      <section class="card">
        <h2>${t('people.members')}</h2>
        <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
        ${this.all?.length === 0 ? html`<p class="empty">${t('people.no_members')}</p>` : nothing}
        <ul class="things" ?hidden=${!this.all?.length}>${repeat(this.all ?? [], (it) => it.subject, (it, i) => this.#member(it, i))}</ul>
        ${this.at === '' ? html`<offshoot-problem .error=${this.#change.failed}></offshoot-problem>` : nothing}
        <details>
          <summary>${t('people.add')}</summary>
          <form class="stack" id="member" @submit=${(event: SubmitEvent) => this.#put(event)}>
            ${field('member-subject', t('people.subject'), { help: t('people.subject_help'), placeholder: 'did:cardano:addr1…', wrong: adding?.wrong('', '/subject') })}
            ${field('member-name', t('people.name'), { required: false, wrong: adding?.wrong('/name') })}
            ${roleField('member-role', roles, 'member')}
            <p class="small">${t('people.roles')}</p>
            <offshoot-problem .error=${adding?.problem('', '/subject', '/name')}></offshoot-problem>
            <p><button class="main" ?disabled=${this.#change.busy}>${t('people.send')}</button></p>
          </form>
        </details>
      </section>`;
  }

  #member(it: Member, i: number) {
    const id = `member-${i}`;
    const roles = givable(this.who);
    return html`
      <li>
        <div class="head">
          <span class="name">${it.name ?? it.subject}</span>
          <span>${roleName(it.role)}</span>
        </div>
        ${it.name ? html`<code>${it.subject}</code>` : nothing}
        <p class="small">${t('people.since', { when: ago(it.addedAt) })}</p>
        <details>
          <summary>${t('people.change')}</summary>
          <form class="stack" id=${id} @submit=${(event: SubmitEvent) => this.#put(event, it)}>
            ${roleField(`${id}-role`, roles, it.role)}
            <p class="small">${t('people.change_detail')}</p>
            ${this.at === id ? html`<offshoot-problem .error=${this.#change.failed}></offshoot-problem>` : nothing}
            <p class="row">
              <button ?disabled=${this.#change.busy}>${t('people.change_role')}</button>
              <button type="button" class="danger" ?disabled=${this.#change.busy} @click=${() => this.#remove(it)}>${t('people.remove')}</button>
            </p>
          </form>
        </details>
      </li>`;
  }
}

customElements.define('offshoot-members', Members);
