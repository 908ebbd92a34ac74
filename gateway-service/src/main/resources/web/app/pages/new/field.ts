import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t, wordsFor } from '../../words';
import { said } from '../../words/said';
import type { Problems } from './request';
import { isObject, members, type Schema, type Values } from './schema';

const LONG_TEXT = 200;

/** What fields need to know of their form. They say what is typed by events of the form. */
export interface Asking {
  workflow: string;
  values: Values;
  problems: Problems;
}

/** A field for each leaf of the schema, and a group for each object in it. */
export function fields(asking: Asking, schema: Schema, pointer: string): TemplateResult[] {
  return members(schema, pointer).map(([name, it, at]) =>
    isObject(it)
      ? html`<fieldset class="group">
          <legend>${said(asking.workflow, name, it.title ?? name)}</legend>
          ${it.description ? html`<p class="small">${said(asking.workflow, `${name}_help`, it.description)}</p>` : nothing}
          ${fields(asking, it, at)}
        </fieldset>`
      : field(asking, it, at, name, schema.required?.includes(name) ?? false),
  );
}

function field(asking: Asking, schema: Schema, pointer: string, name: string, required: boolean) {
  const key = keyOf(asking.workflow, pointer, name);
  const example = schema.examples?.[0];
  return shown(asking, pointer, {
    label: said(asking.workflow, key, schema.title ?? name),
    help: schema.description ? said(asking.workflow, `${key}_help`, schema.description) : undefined,
    example: example === undefined ? undefined : String(example),
    required,
    schema,
    choice: (value) => wordsFor('workflow', `${asking.workflow}_${key}_${value.toLowerCase()}`) ?? value,
  });
}

export interface Shown {
  label: unknown;
  help?: unknown;
  example?: string;
  required?: boolean;
  schema?: Schema;
  choice?: (value: string) => string;
  /** Choices of ours: value and words. */
  choices?: [string, string][];
  secret?: boolean;
}

/** One field: its label, its help, what is wrong with it, and the control. */
export function shown(asking: Asking, pointer: string, { label, help, example, required, schema = {}, choice, choices, secret }: Shown) {
  const id = idOf(pointer);
  const wrong = problem(asking, pointer);
  const described = [help || example ? `${id}-help` : '', wrong ? `${id}-wrong` : ''].filter(Boolean).join(' ') || nothing;
  const value = asking.values[pointer] ?? '';
  const invalid = wrong ? 'true' : nothing;
  const options = choices ?? schema.enum?.map((it): [string, string] => [it, choice?.(it) ?? it]);
  const wide = schema.type === 'array' || (!schema.pattern && (schema.maxLength ?? 0) > LONG_TEXT);
  return html`<div class="field">
    ${schema.type === 'boolean'
      ? html`<label class="check"><input type="checkbox" id=${id} name=${pointer} .checked=${live(value === 'true')} aria-describedby=${described}> ${label}</label>`
      : html`<label for=${id}>${label}${required ? nothing : html` <span class="small">${t('new.optional')}</span>`}</label>`}
    ${help || example
      ? html`<p class="small" id="${id}-help">${help} ${example ? html`<span class="example">${t('new.example', { example })}</span>` : nothing}</p>`
      : nothing}
    ${schema.type === 'boolean'
      ? nothing
      : options
        ? html`<select id=${id} name=${pointer} aria-describedby=${described} aria-invalid=${invalid} aria-required=${required ? 'true' : nothing}>
            ${required && value ? nothing : html`<option value="" .selected=${!value}>${t('new.choose')}</option>`}
            ${options.map(([it, words]) => html`<option value=${it} .selected=${it === value}>${words}</option>`)}
          </select>`
        : wide
          ? html`<textarea id=${id} name=${pointer} rows="4" .value=${live(value)} aria-describedby=${described} aria-invalid=${invalid}
              aria-required=${required ? 'true' : nothing}></textarea>`
          : html`<input id=${id} name=${pointer} .value=${live(value)} aria-describedby=${described} aria-invalid=${invalid}
              aria-required=${required ? 'true' : nothing} autocapitalize="off" autocomplete="off" spellcheck=${schema.pattern || secret ? 'false' : nothing}
              type=${secret ? 'password' : schema.format === 'email' ? 'email' : schema.format === 'uri' ? 'url' : schema.format === 'date' ? 'date' : 'text'}
              inputmode=${schema.type === 'integer' ? 'numeric' : schema.type === 'number' ? 'decimal' : nothing}
              data-secret=${secret ? '' : nothing}>`}
    ${wrong ? html`<p class="error" id="${id}-wrong">${wrong}</p>` : nothing}
  </div>`;
}

/** What is wrong at a place, in plain words. */
function problem({ problems }: Asking, pointer: string): unknown {
  const found = problems[pointer];
  if (!found) {
    return undefined;
  }
  if (typeof found === 'string') {
    return t(`new.bad_${found}`);
  }
  return 'said' in found
    ? html`<span lang="en">${found.said}</span>`
    : t(`new.bad_${found.key}`, { n: found.n ?? '' });
}

export const idOf = (pointer: string) => `f${pointer.replace(/[^A-Za-z0-9_-]/g, '-')}`;

/** By what our words for a member are found: two parts may have a member of one name, such as a repository and a project. */
export function keyOf(workflow: string, pointer: string, name: string): string {
  const full = `${parent(pointer)}_${name}`;
  return wordsFor('workflow', `${workflow}_${full}`) ? full : name;
}

const parent = (pointer: string) => pointer.split('/').at(-2) ?? '';
