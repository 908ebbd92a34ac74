import { LitElement, html } from 'lit';
import type { Deployment } from '../../../progress/model';
import { stepName } from '../../../progress/steps';
import { session } from '../../shell/session';
import { toast } from '../../shell/announcer';
import type { Confirm } from '../../shell/confirm';
import { t } from '../../words';
import { decided } from './asking';

/** Does a step once more though it is done: kept apart from everything else, and asked for twice. */
class Again extends LitElement {
  static override properties = { view: { attribute: false }, failed: { state: true }, busy: { state: true } };

  declare view: Deployment;
  declare failed?: unknown;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    const done = this.view.apps.flatMap((app) => app.actions.filter((it) => it.status === 'done'));
    return html`
      <details class="card">
        <summary><h2>${t('deployment.again')}</h2></summary>
        <p>${t('deployment.again_detail')}</p>
        <form class="stack" @submit=${(event: SubmitEvent) => this.#ask(event)}>
          <label for="again-step">${t('deployment.again_step')}</label>
          <select id="again-step" name="step">
            ${done.map((it) => html`<option value="${it.appId}/${it.actionId}">${it.appId}: ${stepName(this.view.workflow, it.actionId)}</option>`)}
          </select>
          <p><button ?disabled=${this.busy}>${t('deployment.again_button')}</button></p>
        </form>
        <offshoot-problem .error=${this.failed}></offshoot-problem>
        <offshoot-confirm heading=${t('deployment.again_title')} detail=${t('deployment.again_detail')}
          yes=${t('deployment.yes')} no=${t('deployment.no')}></offshoot-confirm>
      </details>`;
  }

  async #ask(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const chosen = ((event.target as HTMLFormElement).elements.namedItem('step') as HTMLSelectElement).value;
    if (!(await this.querySelector<Confirm>('offshoot-confirm')!.ask())) {
      return;
    }
    const [app, action] = chosen.split('/');
    this.busy = true;
    this.failed = undefined;
    try {
      await decided(await session.client.trigger(this.view.id, app, action, { rerun: true }));
      toast(t('deployment.asked'));
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('offshoot-again', Again);
