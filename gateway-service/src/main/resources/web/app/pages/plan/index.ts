import '../../shared';
import { LitElement, html, nothing } from 'lit';
import { newKey, type DeploymentView, type OutputOf } from '../../../client';
import { stepName } from '../../../progress/steps';
import { wear } from '../../look/wear';
import { go } from '../../shell/router';
import { session } from '../../shell/session';
import { setTitle } from '../../shell/title';
import { t, wordsFor } from '../../words';
import { duration, number } from '../../words/format';
import { names } from '../../words/names';
import { decided } from '../deployment/asking';
import { styles } from '../new/styles';

type Survey = OutputOf<'/api/v1/deployments/{id}/plans/{plan}', 'get'>;
type Found = NonNullable<Survey['findings']>[number];

wear(styles);

/** What a deployment would do, before anything is done: it then carries out this plan and no other. */
class PlanPage extends LitElement {
  static override properties = {
    params: { attribute: false },
    view: { state: true },
    plan: { state: true },
    busy: { state: true },
    failed: { state: true },
  };

  declare params: { id: string };
  declare view?: DeploymentView;
  declare plan?: Survey;
  declare busy: boolean;
  declare failed?: unknown;
  #left = new AbortController();
  readonly #again = () => void (session.refused || this.busy || (this.failed && this.#look()));

  constructor() {
    super();
    this.busy = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    setTitle(t('plan.title'));
    session.addEventListener('change', this.#again);
    addEventListener('online', this.#again);
    this.#left = new AbortController();
    void this.#look();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener('change', this.#again);
    removeEventListener('online', this.#again);
    this.#left.abort();
  }

  async #look(): Promise<void> {
    const { signal } = this.#left;
    const path = { id: this.params.id };
    this.plan = undefined;
    this.failed = undefined;
    this.busy = true;
    try {
      this.view = await session.client.deployment(this.params.id, { signal });
      if (this.view.status === 'running') {
        go(`/deployments/${this.params.id}`);
        return;
      }
      // Planning only reads: with a key, the client asks again by itself where the line is bad.
      const asked = { path, body: {}, signal, idempotencyKey: newKey() };
      let plan: Survey = (await session.client.call('POST', '/api/v1/deployments/{id}/plan', asked)).data;
      while (!plan.done) {
        plan = await session.client.get('/api/v1/deployments/{id}/plans/{plan}', { path: { ...path, plan: plan.id }, query: { wait: '20' }, signal });
      }
      this.plan = plan;
    } catch (error) {
      if (!signal.aborted) {
        this.failed = error;
      }
    } finally {
      this.busy = false;
    }
  }

  /** The plan's id is the key: pressed twice, or again after a lost line, it is one request. */
  async #deploy(): Promise<void> {
    this.busy = true;
    this.failed = undefined;
    try {
      await decided(await session.client.run(this.params.id, { plan: this.plan!.hash, idempotencyKey: `run-${this.plan!.id}` }));
      go(`/deployments/${this.params.id}`);
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  protected override render() {
    const { view, plan } = this;
    return html`
      <h1>${t('plan.title')}</h1>
      <p>${view ? html`<strong>${names(view.apps.map((it) => it.appId))}</strong> · ` : nothing}${t('plan.intro')}</p>
      <offshoot-problem .error=${session.refused ? undefined : this.failed} .retry=${() => this.#look()}></offshoot-problem>
      <div role="status">${this.busy && !plan ? html`<p class="loading">${t('plan.looking')}</p>` : nothing}</div>
      ${view && plan ? this.#planned(view, plan) : nothing}`;
  }

  #planned(view: DeploymentView, plan: Survey) {
    const findings = plan.findings ?? [];
    const blocked = findings.filter((it) => it.finding.kind === 'BLOCKED');
    const costs = plan.costs ?? [];
    const calls = costs.reduce((sum, it) => sum + it.reads + it.writes, 0);
    const seconds = Math.max(0, ...costs.map((it) => it.seconds));
    return html`
      ${blocked.length
        ? html`<section class="problem"><h2>${t('plan.blocked', { n: blocked.length })}</h2><p>${t('plan.blocked_detail')}</p></section>`
        : nothing}
      ${plan.complete === false ? html`<p class="small">${t('plan.incomplete')}</p>` : nothing}
      ${view.apps.map((app) => {
        const mine = findings.filter((it) => it.appId === app.appId);
        return mine.length
          ? html`<section class="card"><h2>${app.appId}</h2><ul class="findings">${mine.map((it) => this.#finding(view, it))}</ul></section>`
          : nothing;
      })}
      ${costs.length
        ? html`<section class="card">
            <h2>${t('plan.cost')}</h2>
            <p>${t('plan.calls', { n: number(calls) })} ${seconds > 0 ? t('plan.wait', { time: duration(seconds * 1000) }) : t('plan.no_wait')}</p>
          </section>`
        : nothing}
      <div class="moves">
        <button ?disabled=${this.busy} @click=${() => void this.#look()}>${t('plan.again')}</button>
        <button class=${blocked.length ? '' : 'main'} ?disabled=${this.busy} @click=${() => void this.#deploy()}>
          ${t(blocked.length ? 'plan.deploy_anyway' : 'plan.deploy')}
        </button>
      </div>
      <p class="small"><a href="/deployments/${view.id}">${t('plan.later')}</a></p>`;
  }

  #finding(view: DeploymentView, { actionId, finding }: Found) {
    const kind = finding.kind.toLowerCase();
    return html`<li>
      <strong>${stepName(view.workflow, actionId)}</strong>
      <span class="state ${kind === 'blocked' ? 'error' : kind === 'unread' ? 'you' : 'idle'}">${wordsFor('plan', `find_${kind}`) ?? kind}</span>
      ${finding.name ? html`<span class="small">${finding.name}</span>` : nothing}
      <span class="small" lang="en">${finding.message}</span>
      ${finding.link ? html`<p><a href=${finding.link} target="_blank" rel="noopener">${t('progress.open_page')}</a></p>` : nothing}
    </li>`;
  }
}

customElements.define('offshoot-plan-page', PlanPage);
