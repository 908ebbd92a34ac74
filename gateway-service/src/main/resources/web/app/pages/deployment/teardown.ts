import { LitElement, html, nothing } from 'lit';
import type { components } from '../../../client';
import { session } from '../../shell/session';
import { toast } from '../../shell/announcer';
import { t, wordsFor } from '../../words';
import { decided } from './asking';

type Survey = components['schemas']['SurveyView'];

/** Takes an app down: shows the plan, has the app's name typed, and carries out that plan and no other. */
class Teardown extends LitElement {
  static override properties = {
    deployment: {},
    apps: { attribute: false },
    plan: { state: true },
    busy: { state: true },
    wrong: { state: true },
    failed: { state: true },
    app: { state: true },
    repositories: { state: true },
  };

  declare deployment: string;
  declare apps: string[];
  declare plan?: Survey;
  declare busy: boolean;
  declare wrong: boolean;
  declare failed?: unknown;
  declare app?: string;
  declare repositories: 'archive' | 'delete';

  constructor() {
    super();
    this.apps = [];
    this.busy = false;
    this.wrong = false;
    this.repositories = 'archive';
  }

  protected override createRenderRoot() {
    return this;
  }

  get #meant(): string {
    return this.app ?? this.apps[0];
  }

  async #look(event: Event): Promise<void> {
    event.preventDefault();
    this.plan = undefined;
    this.failed = undefined;
    this.busy = true;
    try {
      const path = { id: this.deployment };
      const body = { for: 'teardown', app: this.#meant, repositories: this.repositories };
      let plan: Survey = await session.client
        .call('POST', '/api/v1/deployments/{id}/plan', { path, body })
        .then((it) => it.data);
      while (!plan.done) {
        plan = await session.client.get('/api/v1/deployments/{id}/plans/{plan}', {
          path: { ...path, plan: plan.id! },
          query: { wait: '20' },
        });
      }
      this.plan = plan;
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  async #takeDown(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('name') as HTMLInputElement;
    this.wrong = field.value.trim() !== this.#meant;
    if (this.wrong) {
      field.focus();
      return;
    }
    this.busy = true;
    this.failed = undefined;
    try {
      const { data } = await session.client.call('POST', '/api/v1/deployments/{id}/teardown', {
        path: { id: this.deployment },
        body: { plan: this.plan!.hash!, name: field.value.trim(), repositories: this.repositories },
        idempotencyKey: `teardown-${this.plan!.id}`,
      });
      await decided(data);
      this.plan = undefined;
      toast(t('deployment.down_asked'));
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  protected override render() {
    return html`
      <details class="card">
        <summary><h2>${t('deployment.down')}</h2></summary>
        <p>${t('deployment.down_intro')}</p>
        <form class="stack" @submit=${(event: Event) => this.#look(event)}>
          ${this.apps.length > 1
            ? html`<label for="down-app">${t('deployment.down_app')}</label>
                <select id="down-app" @change=${(event: Event) => this.#choose({ app: (event.target as HTMLSelectElement).value })}>
                  ${this.apps.map((it) => html`<option ?selected=${it === this.#meant}>${it}</option>`)}
                </select>`
            : nothing}
          <label for="down-repositories">${t('deployment.down_repositories')}</label>
            <select id="down-repositories" @change=${(event: Event) => this.#choose({ repositories: (event.target as HTMLSelectElement).value as 'archive' })}>
              <option value="archive">${t('deployment.down_archive')}</option>
              <option value="delete">${t('deployment.down_delete')}</option>
            </select>
          <p><button ?disabled=${this.busy}>${t('deployment.down_plan')}</button></p>
        </form>
        <div role="status">${this.busy && !this.plan ? t('deployment.down_planning') : nothing}</div>
        <offshoot-problem .error=${this.failed}></offshoot-problem>
        ${this.plan ? this.#planned(this.plan) : nothing}
      </details>`;
  }

  /** What was shown is no plan for anything else. */
  #choose(chosen: { app?: string; repositories?: 'archive' | 'delete' }): void {
    Object.assign(this, chosen, { plan: undefined, wrong: false });
  }

  #planned(plan: Survey) {
    const findings = plan.findings ?? [];
    const takes = findings.some((it) => it.finding?.kind === 'TAKE_BACK');
    return html`
      <h3>${t('deployment.down_found')}</h3>
      ${plan.complete === false ? html`<p class="error">${t('deployment.down_incomplete')}</p>` : nothing}
      <ul class="ledger">
        ${findings.map(
          ({ finding }) => html`<li class=${finding?.kind === 'TAKE_BACK' ? 'goes' : ''}>
            <strong>${finding?.name ?? finding?.resource ?? ''} <em>${wordsFor('deployment', `find_${String(finding?.kind).toLowerCase()}`)}</em></strong>
            <span class="small">${finding?.message}</span>
          </li>`,
        )}
      </ul>
      ${takes
        ? html`<form class="stack" @submit=${(event: SubmitEvent) => this.#takeDown(event)}>
            <label for="down-name">${t('deployment.down_type', { app: this.#meant })}</label>
            <input id="down-name" name="name" autocomplete="off" autocapitalize="off" spellcheck="false" required
              aria-invalid=${this.wrong ? 'true' : nothing} aria-describedby="down-wrong">
            <p id="down-wrong" class="error" role="alert">${this.wrong ? t('deployment.down_wrong', { app: this.#meant }) : nothing}</p>
            <p><button class="danger" ?disabled=${this.busy}>${t('deployment.down_do')}</button></p>
          </form>`
        : html`<p>${t('deployment.down_nothing')}</p>`}`;
  }
}

customElements.define('offshoot-teardown', Teardown);
