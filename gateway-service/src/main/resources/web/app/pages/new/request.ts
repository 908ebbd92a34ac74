import type { NewDeployment, OutputOf } from '../../../client';
import { count, escape, fillIn, flaws, valueOf, type Flaw, type Schema, type Values } from './schema';

export type Workflow = OutputOf<'/api/v1/workflows/{id}', 'get'>;

/** How a variable comes by its value. */
export type Kind = 'text' | 'hub' | 'value' | 'generate';

/** Values that are secret: in memory only, by the same pointers as the others, and gone with the tab. */
export type Secrets = Values;

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
export const APP_ID = '^[a-z0-9]+(-[a-z0-9]+)*$';
const RANDOM_BYTES = 32;

export const configOf = (workflow: Workflow) => workflow.config as Schema;
export const inputOf = (workflow: Workflow) => workflow.input as Schema;
export const hasConfig = (workflow: Workflow) => Object.keys(configOf(workflow).properties ?? {}).length > 0;

/** What the form begins with. */
export function begin(workflow: Workflow, kept: Values): Values {
  const values = { ...kept };
  fillIn(configOf(workflow), '/config', values);
  for (let i = 0; i < Math.max(1, count(values, '/apps')); i++) {
    addApp(workflow, values, i);
  }
  return values;
}

export function addApp(workflow: Workflow, values: Values, i: number): void {
  values[`/apps/${i}/appId`] ??= '';
  fillIn(inputOf(workflow), `/apps/${i}/input`, values);
}

export const variable = (i: number) => `/variables/${i}`;

/** The body of `POST /deployments`. */
export function requestOf(workflow: Workflow, values: Values, secrets: Secrets): NewDeployment {
  const connections = Object.keys(workflow.connections)
    .map((entry) => [entry, values[`/connections/${escape(entry)}`]])
    .filter(([, name]) => name);
  const envVars: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  for (let i = 0; i < count(values, '/variables'); i++) {
    const at = variable(i);
    const name = (values[`${at}/name`] ?? '').trim();
    switch (values[`${at}/kind`] as Kind) {
      case 'hub':
        envVars[name] = { secret: values[`${at}/hub`] };
        break;
      case 'value':
        envVars[name] = { secret: name };
        own[name] = secrets[`${at}/secret`] ?? '';
        break;
      case 'generate':
        envVars[name] = { secret: name };
        own[name] = { generate: RANDOM_BYTES };
        break;
      default:
        envVars[name] = values[`${at}/value`] ?? '';
    }
  }
  return {
    workflow: workflow.id,
    ...(connections.length ? { connections: Object.fromEntries(connections) as Record<string, string> } : {}),
    ...(hasConfig(workflow) ? { config: valueOf(configOf(workflow), '/config', values) as object } : {}),
    ...(Object.keys(envVars).length ? { envVars } : {}),
    apps: Array.from({ length: count(values, '/apps') }, (_, i) => ({
      appId: (values[`/apps/${i}/appId`] ?? '').trim(),
      input: valueOf(inputOf(workflow), `/apps/${i}/input`, values) as object,
    })),
    ...(Object.keys(own).length ? { secrets: own } : {}),
  } as NewDeployment;
}

export type Problems = Record<string, Flaw | 'twice' | 'name' | 'ours' | { said: string }>;

/** All that can be seen to be wrong without asking. */
export function problemsOf(workflow: Workflow, values: Values, secrets: Secrets): Problems {
  const found: Problems = Object.fromEntries(flaws(configOf(workflow), '/config', values));
  const ids = new Set<string>();
  for (let i = 0; i < count(values, '/apps'); i++) {
    const at = `/apps/${i}`;
    const id = (values[`${at}/appId`] ?? '').trim();
    if (!id) found[`${at}/appId`] = { key: 'required' };
    else if (id.length > 63 || !new RegExp(APP_ID, 'u').test(id)) found[`${at}/appId`] = { key: 'pattern' };
    else if (ids.has(id)) found[`${at}/appId`] = 'twice';
    ids.add(id);
    Object.assign(found, Object.fromEntries(flaws(inputOf(workflow), `${at}/input`, values)));
  }
  const names = new Set<string>();
  for (let i = 0; i < count(values, '/variables'); i++) {
    const at = variable(i);
    const name = (values[`${at}/name`] ?? '').trim();
    if (!name) found[`${at}/name`] = { key: 'required' };
    else if (!NAME.test(name)) found[`${at}/name`] = 'name';
    else if (name.startsWith('OFFSHOOT_')) found[`${at}/name`] = 'ours';
    else if (names.has(name)) found[`${at}/name`] = 'twice';
    names.add(name);
    const kind = values[`${at}/kind`];
    if (kind === 'value' && !secrets[`${at}/secret`]) found[`${at}/secret`] = { key: 'required' };
    if (kind === 'hub' && !values[`${at}/hub`]) found[`${at}/hub`] = { key: 'required' };
  }
  return found;
}

/** The field at which a problem of the API is shown: variables stand in rows there, and not under their names. */
export function fieldFor(pointer: string, values: Values): string {
  const found = /^\/(envVars|secrets)\/([^/]+)/.exec(pointer);
  if (found) {
    for (let i = 0; i < count(values, '/variables'); i++) {
      if (escape((values[`${variable(i)}/name`] ?? '').trim()) === found[2]) {
        const kind = values[`${variable(i)}/kind`];
        return `${variable(i)}/${found[1] === 'secrets' && kind === 'value' ? 'secret' : kind === 'hub' ? 'hub' : 'name'}`;
      }
    }
  }
  // Of a list, one entry may be wrong; the field has all of them.
  const list = pointer.replace(/\/\d+$/, '');
  return pointer in values || !(list in values) ? pointer : list;
}
