import { LitElement, html, nothing } from 'lit';
import { ActionError } from '../../../client';
import { session } from '../../shell/session';
import { t, type Key } from '../../words';
import { verify, type Envelope, type PlatformKey, type Verdict } from './verification';

/** The receipt: to be downloaded, and verified here or by a command. */
class Receipt extends LitElement {
  static override properties = {
    deployment: {},
    stamp: {},
    envelope: { state: true },
    none: { state: true },
    verdict: { state: true },
    unable: { state: true },
    failed: { state: true },
  };

  declare deployment: string;
  declare stamp: string;
  declare envelope?: Envelope;
  declare none: boolean;
  declare verdict?: Verdict;
  declare unable: boolean;
  declare failed?: unknown;
  #file?: string;
  #isOpen = false;

  constructor() {
    super();
    this.none = false;
    this.unable = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override updated(changed: Map<string, unknown>) {
    if (changed.has('stamp') && this.#isOpen) {
      void this.#load();
    }
  }

  #forget(): void {
    if (this.#file) {
      URL.revokeObjectURL(this.#file);
      this.#file = undefined;
    }
  }

  async #load(): Promise<void> {
    this.verdict = undefined;
    this.unable = false;
    this.failed = undefined;
    try {
      const envelope = (await session.client.get('/api/v1/deployments/{id}/receipt', { path: { id: this.deployment } })) as Envelope;
      this.#forget();
      this.#file = URL.createObjectURL(new Blob([JSON.stringify(envelope)], { type: 'application/json' }));
      this.envelope = envelope;
      this.none = false;
    } catch (error) {
      this.none = error instanceof ActionError && error.status === 404;
      this.failed = this.none ? undefined : error;
    }
  }

  async #verify(): Promise<void> {
    try {
      const { keys } = (await session.client.get('/api/v1/receipts/jwks.json')) as { keys: PlatformKey[] };
      this.verdict = await verify(this.envelope!, keys, this.deployment);
    } catch (error) {
      if (error instanceof ActionError) {
        this.failed = error;
      } else {
        // No Ed25519 in this browser, or no cryptography at all on a page without TLS
        this.unable = true;
      }
    }
  }

  protected override render() {
    return html`
      <details class="card" @toggle=${(event: Event) => {
        this.#isOpen = (event.target as HTMLDetailsElement).open;
        if (this.#isOpen) {
          void this.#load();
        }
      }}>
        <summary><h2>${t('deployment.receipt')}</h2></summary>
        <p>${t('deployment.receipt_intro')}</p>
        <offshoot-problem .error=${this.failed} .retry=${() => this.#load()}></offshoot-problem>
        ${this.none ? html`<p>${t('deployment.receipt_none')}</p>` : nothing}
        ${this.envelope && this.#file
          ? html`<p class="row">
              <a class="button" href=${this.#file} download="receipt-${this.deployment}.json">${t('deployment.download')}</a>
              <button @click=${() => this.#verify()}>${t('deployment.verify')}</button>
            </p>`
          : nothing}
        <div role="status">${this.#said()}</div>
      </details>`;
  }

  #said() {
    if (this.verdict?.valid) {
      return html`<p class="good">✓ ${t('deployment.valid', { key: `${this.verdict.keyid.slice(0, 12)}…` })}</p>`;
    }
    if (this.verdict) {
      return html`<p class="error">✕ ${t('deployment.invalid', { why: t(`deployment.why_${this.verdict.why}` as Key) })}</p>`;
    }
    return this.unable
      ? html`<p>${t('deployment.cannot_verify')}</p>
          <pre><code>curl -s ${location.origin}/api/v1/receipts/jwks.json -o keys.json
offshoot receipt verify receipt-${this.deployment}.json --keys keys.json</code></pre>`
      : nothing;
  }
}

customElements.define('offshoot-receipt', Receipt);
