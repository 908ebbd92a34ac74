import { readFileSync } from 'node:fs';

/** The stack that these tests are run against: what programs find in its stack.json. */
export const stack = JSON.parse(readFileSync(process.env.OFFSHOOT_STACK ?? fail('OFFSHOOT_STACK names no stack.json; see CONTRIBUTING.md'), 'utf8'));

const example = JSON.parse(readFileSync(process.env.OFFSHOOT_EXAMPLE ?? '../../../examples/docs-site.json', 'utf8'));

/** A call of the API as a program makes it: what a test needs before its page is opened. */
export async function api(method, path, body, token = stack.token) {
  const answer = await fetch(new URL(`/api/v1${path}`, stack.gateway), {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...(method === 'GET' ? {} : { 'Idempotency-Key': crypto.randomUUID() }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  }
  return text ? JSON.parse(text) : undefined;
}

/** Creates a deployment of the example, under a name of its own, and changed by `change`. @returns its id */
export async function create(change = () => {}) {
  const body = structuredClone(example);
  body.config.slug = `page-${Math.random().toString(36).slice(2, 10)}`;
  change(body);
  return (await api('POST', '/deployments', body)).id;
}

/** One app instead of two. */
export function oneApp(body) {
  body.apps.length = 1;
}

export function run(id) {
  return api('POST', `/deployments/${id}/run`);
}

/** Waits until the API shows the deployment like that. */
export async function until(id, holds) {
  for (let etag; ; ) {
    const path = `/api/v1/deployments/${id}?wait=10`;
    const answer = await fetch(new URL(path, stack.gateway), {
      headers: { Authorization: `Bearer ${stack.token}`, ...(etag ? { 'If-None-Match': etag } : {}) },
    });
    if (answer.status === 200) {
      etag = answer.headers.get('ETag');
      const view = await answer.json();
      if (holds(view)) {
        return view;
      }
    }
  }
}

/** What goes wrong at the provider, once. */
export function fault(provider, method, path, then, times = 1) {
  return sandbox('POST', '/faults', { match: { provider, method, path }, then, times });
}

/** What a person does at the registrar. */
export function setDns({ type, name, value }) {
  return sandbox('PUT', `/dns/${name}`, [{ type, value }]);
}

export async function sandbox(method, path, body) {
  const answer = await fetch(stack.sandbox.control + path, {
    method,
    headers: { Authorization: `Bearer ${stack.sandbox.controlToken}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`The sandbox answered ${answer.status} to ${method} ${path}`);
  }
}

function fail(words) {
  throw new Error(words);
}
