/** The part of JSON Schema that workflows may ask by; the services refuse others at their start (docs/forms.md). */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  enum?: string[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** What was typed, by the JSON Pointer of its place in the request: the problems that the API finds bear the same. */
export type Values = Record<string, string>;

/** What is wrong with a value: the key of its words, and what to put into them. */
export interface Flaw {
  key: 'required' | 'pattern' | 'short' | 'long' | 'number' | 'least' | 'most' | 'few' | 'many' | 'email' | 'uri' | 'date' | 'choice';
  n?: number;
}

export const isObject = (schema: Schema) => schema.type === 'object';

export function members(schema: Schema, pointer: string): [string, Schema, string][] {
  return Object.entries(schema.properties ?? {}).map(([name, it]) => [name, it, `${pointer}/${escape(name)}`]);
}

/** What a form begins with: the schema's defaults, where nothing was typed. */
export function fillIn(schema: Schema, pointer: string, values: Values): void {
  for (const [, it, at] of members(schema, pointer)) {
    if (isObject(it)) {
      fillIn(it, at, values);
    } else if (it.default !== undefined && !(at in values)) {
      values[at] = Array.isArray(it.default) ? it.default.join('\n') : String(it.default);
    }
  }
}

/** The value that the request gets; undefined where nothing was typed. */
export function valueOf(schema: Schema, pointer: string, values: Values): unknown {
  const typed = (values[pointer] ?? '').trim();
  switch (schema.type) {
    case 'object': {
      const found = members(schema, pointer)
        .map(([name, it, at]): [string, unknown] => [name, valueOf(it, at, values)])
        .filter(([name, value]) => value !== undefined && (!isEmpty(value) || schema.required?.includes(name)));
      return Object.fromEntries(found);
    }
    case 'array': {
      const lines = linesOf(typed);
      return lines.length ? lines : undefined;
    }
    case 'boolean':
      return typed === 'true' ? true : schema.default === true ? false : undefined;
    case 'integer':
    case 'number':
      return typed === '' ? undefined : Number(typed);
    default:
      return typed === '' ? undefined : typed;
  }
}

/** Everything that is wrong with what was typed, by its place. */
export function flaws(schema: Schema, pointer: string, values: Values, demanded = true): [string, Flaw][] {
  return members(schema, pointer).flatMap(([name, it, at]): [string, Flaw][] => {
    const required = demanded && (schema.required ?? []).includes(name);
    if (isObject(it)) {
      // What is left out as a whole needs no members.
      return flaws(it, at, values, required || !isEmpty(valueOf(it, at, values)));
    }
    const flaw = flawOf(it, values[at] ?? '', required);
    return flaw ? [[at, flaw]] : [];
  });
}

export function flawOf(schema: Schema, value: string, required: boolean): Flaw | undefined {
  const typed = value.trim();
  if (typed === '') {
    return required && schema.type !== 'boolean' ? { key: 'required' } : undefined;
  }
  switch (schema.type) {
    case 'boolean':
      return undefined;
    case 'integer':
    case 'number': {
      const number = Number(typed);
      if (!Number.isFinite(number) || (schema.type === 'integer' && !Number.isSafeInteger(number))) return { key: 'number' };
      if (number < (schema.minimum ?? -Infinity)) return { key: 'least', n: schema.minimum };
      return number > (schema.maximum ?? Infinity) ? { key: 'most', n: schema.maximum } : undefined;
    }
    case 'array': {
      const lines = linesOf(typed);
      if (lines.length < (schema.minItems ?? 0)) return { key: 'few', n: schema.minItems };
      if (lines.length > (schema.maxItems ?? Infinity)) return { key: 'many', n: schema.maxItems };
      return lines.map((line) => textFlaw(schema.items ?? {}, line)).find((it) => it);
    }
    default:
      return textFlaw(schema, typed);
  }
}

function textFlaw(schema: Schema, text: string): Flaw | undefined {
  const length = [...text].length;
  if (schema.enum && !schema.enum.includes(text)) return { key: 'choice' };
  if (length < (schema.minLength ?? 0)) return { key: 'short', n: schema.minLength };
  if (length > (schema.maxLength ?? Infinity)) return { key: 'long', n: schema.maxLength };
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(text)) return { key: 'pattern' };
  if (schema.format === 'email' && !/^[^@\s]+@[^@\s]+$/.test(text)) return { key: 'email' };
  if (schema.format === 'uri' && !/^[a-z][a-z0-9+.-]*:\S+$/i.test(text)) return { key: 'uri' };
  return schema.format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(text) ? { key: 'date' } : undefined;
}

/** Takes one entry out of a list, and moves those after it up. */
export function without(values: Values, list: string, gone: number): Values {
  const entries = Object.entries(values).flatMap(([pointer, value]): [string, string][] => {
    const found = pointer.startsWith(`${list}/`) ? /^(\d+)(.*)$/s.exec(pointer.slice(list.length + 1)) : undefined;
    const index = Number(found?.[1]);
    if (!found || index < gone) return [[pointer, value]];
    return index === gone ? [] : [[`${list}/${index - 1}${found[2]}`, value]];
  });
  return Object.fromEntries(entries);
}

/** How many entries a list has. */
export function count(values: Values, list: string): number {
  const indices = Object.keys(values).filter((it) => it.startsWith(`${list}/`)).map((it) => parseInt(it.slice(list.length + 1), 10) + 1);
  return Math.max(0, ...indices);
}

export const escape = (name: string) => name.replace(/~/g, '~0').replace(/\//g, '~1');

const linesOf = (text: string) => text.split('\n').map((it) => it.trim()).filter(Boolean);
const isEmpty = (value: unknown) => typeof value === 'object' && !Array.isArray(value) && Object.keys(value ?? {}).length === 0;
