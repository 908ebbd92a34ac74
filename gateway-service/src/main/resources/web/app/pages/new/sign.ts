import { html, nothing, type TemplateResult } from 'lit';
import { toast } from '../../shell/announcer';
import { t } from '../../words';
import { time } from '../../words/format';
import type { NewPage } from '.';

const COMMAND = `openssl pkeyutl -sign -rawin -inkey hub-key.pem -in to-sign.bin | base64 | tr -d '\\n'`;

/** The hub's signature: made elsewhere, by its key, which this page never sees. */
export function signing(page: NewPage, back: unknown): TemplateResult {
  const prepared = page.prepared;
  const wrong = page.problems['#signature'];
  const only = page.keys.length === 1 ? page.keys[0] : undefined;
  return html`<div class="panel">
    <p>${t('new.sign_intro')}</p>
    ${isSecureContext ? nothing : html`<p class="error">${t('new.sign_insecure')}</p>`}
    ${prepared && !page.keys.length ? html`<p class="error">${t('new.sign_no_key')}</p>` : nothing}
    ${prepared && page.keys.length
      ? html`<form novalidate @submit=${(event: SubmitEvent) => { event.preventDefault(); void page.sign(event.target as HTMLFormElement); }}>
          <ol class="signing">
            <li>
              <p>${t('new.sign_get')}</p>
              <p class="row">
                <button type="button" @click=${() => save('to-sign.bin', prepared.signed)}>${t('new.sign_download')}</button>
                <button type="button" class="quiet" @click=${() => save('request.json', prepared.request)}>${t('new.sign_request')}</button>
              </p>
            </li>
            <li>
              <p>${t('new.sign_run')}</p>
              <pre><code>${COMMAND}</code></pre>
              <p><button type="button" class="quiet" @click=${() => void copy(COMMAND)}>${t('progress.copy')}</button></p>
            </li>
            <li>
              ${only
                ? html`<input type="hidden" name="kid" value=${only.kid}><p class="small">${t('new.sign_key')}: <code>${only.kid}</code></p>`
                : html`<div class="field"><label for="kid">${t('new.sign_key')}</label>
                    <select id="kid" name="kid">${page.keys.map((it) => html`<option value=${it.kid}>${it.kid}</option>`)}</select></div>`}
              <div class="field">
                <label for="signature">${t('new.sign_paste')}</label>
                <textarea id="signature" name="signature" rows="3" autocapitalize="off" autocomplete="off" spellcheck="false" aria-required="true"
                  .value=${page.signature} aria-invalid=${wrong ? 'true' : nothing} aria-describedby=${wrong ? 'signature-wrong' : nothing}></textarea>
                ${wrong ? html`<p class="error" id="signature-wrong">${t('new.bad_signature')}</p>` : nothing}
              </div>
            </li>
          </ol>
          <p class="small">${t('new.sign_until', { time: time(prepared.notAfter) })}
            <button type="button" class="quiet" @click=${() => page.prepareAnew()}>${t('new.sign_anew')}</button></p>
          <div class="moves">${back}<button class="main" ?disabled=${page.busy}>${t('new.sign_create')}</button></div>
        </form>`
      : html`<div class="moves">${back}</div>`}
  </div>`;
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast(t('progress.copied'));
}
