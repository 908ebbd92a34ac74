import { LitElement, html, nothing } from 'lit';
import { Change } from '../../shell/change';
import { Fresh } from '../../shell/fresh';
import { session } from '../../shell/session';
import { t } from '../../words';

const choices = ['off', 'optional', 'required'] as const;

type Choice = (typeof choices)[number];

/** Whether the hub's deployments must be signed by the hub. */
class Policy extends LitElement {
  static override properties = { hub: {}, kept: { state: true }, chosen: { state: true } };

  declare hub: string;
  declare kept?: Choice;
  declare chosen?: Choice;
  readonly #change = new Change(this);
  readonly #fresh = new Fresh(this, async () => {
    this.kept = (await session.client.get('/api/v1/hubs/{hub}', { path: { hub: this.hub } })).policy.intents as Choice;
  });

  protected override createRenderRoot() {
    return this;
  }

  async #put(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const intents = this.chosen ?? this.kept!;
    await this.#change.make(async () => {
      const { data } = await session.client.call('PUT', '/api/v1/hubs/{hub}/policy', { path: { hub: this.hub }, body: { intents } });
      this.kept = data.policy.intents as Choice;
      this.chosen = undefined;
    }, t('people.policy_kept'));
  }

  protected override render() {
    const chosen = this.chosen ?? this.kept;
    return html`
      <section class="card">
        <h2>${t('people.policy')}</h2>
        <p class="small">${t('people.policy_intro')}</p>
        <offshoot-problem .error=${this.#fresh.failed} .retry=${() => this.#fresh.read()}></offshoot-problem>
        ${this.kept
          ? html`
              <form class="stack" @submit=${(event: SubmitEvent) => this.#put(event)}>
                <fieldset>
                  <legend class="unseen">${t('people.policy')}</legend>
                  ${choices.map((it) => html`
                    <label class="check"><input type="radio" name="intents" value=${it} .checked=${it === chosen} @change=${() => (this.chosen = it)}>
                      ${t(`people.policy_${it}`)}</label>`)}
                </fieldset>
                <offshoot-problem .error=${this.#change.failed}></offshoot-problem>
                <p><button ?disabled=${this.#change.busy || chosen === this.kept}>${t('people.policy_send')}</button></p>
              </form>`
          : nothing}
      </section>`;
  }
}

customElements.define('offshoot-policy', Policy);
