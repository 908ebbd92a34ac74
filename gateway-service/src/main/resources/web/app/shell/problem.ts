import { LitElement, html, nothing } from 'lit';
import { ActionError } from '../../client';
import { t, wordsFor } from '../words';

/** Says what went wrong and what to do about it. Set `error`; `retry`, if set, is offered as a button. */
export class ProblemNotice extends LitElement {
  static override properties = { error: { attribute: false }, retry: { attribute: false } };

  declare error?: unknown;
  declare retry?: () => void;

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    if (!this.error) {
      return nothing;
    }
    const error = this.error instanceof ActionError ? this.error : undefined;
    const offline = error?.code === 'network';
    const page = error && error.type !== 'about:blank' ? error.type : undefined;
    return html`
      <section class="problem" role="alert">
        <h2>${offline ? t('problem.offline_title') : t('problem.title')}</h2>
        ${offline ? nothing : html`<p>${error?.message ?? t('problem.unknown')}</p>`}
        ${error?.errors.length
          ? html`<ul>${error.errors.map((it) => html`<li><code>${it.pointer}</code> ${it.detail}</li>`)}</ul>`
          : nothing}
        <p>${(error && wordsFor('problem', error.code)) ?? t(error && !error.retryable ? 'problem.see_page' : 'problem.again_later')}</p>
        <p class="row">
          ${this.retry ? html`<button @click=${this.retry}>${t('problem.try_again')}</button>` : nothing}
          ${page ? html`<a href=${page} target="_blank" rel="noopener">${t('problem.about')}</a>` : nothing}
        </p>
        ${error?.traceId ? html`<p class="small">${t('problem.trace')} <code>${error.traceId}</code></p>` : nothing}
      </section>`;
  }
}

customElements.define('offshoot-problem', ProblemNotice);
