import { html, nothing, type TemplateResult } from 'lit';

/** How a field of a form is to be. */
export interface FieldOptions {
  help?: string;
  wrong?: string;
  /** Never kept, shown or filled in by the browser. */
  secret?: boolean;
  /** Several lines can be pasted. */
  lines?: boolean;
  required?: boolean;
  value?: string;
  placeholder?: string;
  pattern?: string;
  maxlength?: number;
  type?: string;
}

/** A field with its label, what it is for, and what is wrong with it. */
export function field(id: string, label: string, options: FieldOptions = {}): TemplateResult {
  const { help, wrong, secret, lines, required = true, value, placeholder, pattern, maxlength, type } = options;
  const told = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${lines
        ? html`<textarea id=${id} name=${id} rows="2" autocomplete="off" autocapitalize="off" spellcheck="false" ?required=${required}
            ?data-secret=${secret} class=${secret ? 'covered' : nothing}
            aria-invalid=${wrong ? 'true' : nothing} aria-describedby=${told || nothing}></textarea>`
        : html`<input id=${id} name=${id} type=${secret ? 'password' : (type ?? 'text')} autocomplete=${secret ? 'new-password' : 'off'}
        autocapitalize="off" spellcheck="false" ?required=${required} ?data-secret=${secret} .value=${value ?? ''}
        placeholder=${placeholder ?? nothing} pattern=${pattern ?? nothing} maxlength=${maxlength ?? nothing}
        aria-invalid=${wrong ? 'true' : nothing} aria-describedby=${told || nothing}>`}
      ${help ? html`<p id="${id}-help" class="small">${help}</p>` : nothing}
      ${wrong ? html`<p id="${id}-wrong" class="error" role="alert">${wrong}</p>` : nothing}
    </div>`;
}

/** What was typed into a field of a form, without blanks around it. */
export function typed(form: HTMLFormElement, name: string): string {
  return (form.elements.namedItem(name) as HTMLInputElement).value.trim();
}
