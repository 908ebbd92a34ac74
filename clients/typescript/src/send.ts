import { ActionError, refusalOf } from './problem.js';
import { backoff, limited, reasonOf, sleep } from './time.js';

export interface ClientOptions {
  /** Where the gateway is, such as `https://offshoot.example.org` or a page's `location.origin`. */
  baseUrl: string | URL;
  /** The credential, or how to come by it; it is asked for with every call. None for calls that need none. */
  token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Instead of the platform's own `fetch`. */
  fetch?: typeof fetch | undefined;
}

/** How any call can be bounded. */
export interface Bounds {
  /** Ends the call; it then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** For how long to try, in milliseconds. */
  timeout?: number | undefined;
}

export interface Call extends Bounds {
  method: string;
  path: string;
  query?: object | undefined;
  body?: unknown;
  headers?: Record<string, string> | undefined;
  idempotencyKey?: string | undefined;
  /** How long one try may take. */
  patience?: number | undefined;
}

/** What was answered, with what else the answer says of itself. */
export interface Answer<T> {
  data: T;
  status: number;
  headers: Headers;
}

export interface Sender {
  /** One try; its body is still to be read. */
  attempt(call: Call, signal: AbortSignal): Promise<Response>;
  /** As many tries as it takes and is safe, in the time there is. */
  send<T>(call: Call): Promise<Answer<T>>;
}

export function sender({ baseUrl, token, fetch: given }: ClientOptions): Sender {
  const base = checkedBase(baseUrl);

  async function attempt(call: Call, signal: AbortSignal): Promise<Response> {
    const bearer = typeof token === 'function' ? await token() : token;
    // Made before the call: what cannot be a header is the caller's mistake, and no failure of the network.
    const headers = new Headers({ Accept: 'application/json', ...call.headers });
    if (bearer) headers.set('Authorization', `Bearer ${bearer}`);
    if (call.idempotencyKey) headers.set('Idempotency-Key', call.idempotencyKey);
    const init: RequestInit = { method: call.method, headers, signal, cache: 'no-store', credentials: 'omit' };
    if (call.body !== undefined) {
      headers.set('Content-Type', 'application/json');
      init.body = JSON.stringify(call.body);
    }
    const response = await onLine(signal, () => (given ?? fetch)(base + call.path + search(call.query), init));
    if (response.ok || response.status === 304) return response;
    throw await refusalOf(response);
  }

  async function send<T>(call: Call): Promise<Answer<T>> {
    const repeatable = call.method === 'GET' || call.idempotencyKey !== undefined;
    const whole = limited(call.signal, call.timeout ?? 30_000);
    try {
      for (let tries = 0; ; tries++) {
        const one = limited(whole.signal, repeatable ? (call.patience ?? 15_000) : Infinity);
        try {
          const response = await attempt(call, one.signal);
          const text = await onLine(one.signal, () => response.text());
          return { data: parsed(text) as T, status: response.status, headers: response.headers };
        } catch (failure) {
          if (whole.signal.aborted) throw reasonOf(whole.signal);
          if (!repeatable || !isPassing(failure)) throw failure;
          const pause = failure.retryAfterMs ?? backoff(tries);
          if (pause > whole.left()) throw failure;
          await sleep(pause, whole.signal);
        } finally {
          one.end();
        }
      }
    } finally {
      whole.end();
    }
  }

  return { attempt, send };
}

/** Whether it says nothing about the call itself: the same again, under its key, is the way to an answer. */
export function isPassing(failure: unknown): failure is ActionError {
  return failure instanceof ActionError
    && (['network', 'timeout', 'unreadable', 'request-in-progress'].includes(failure.code)
      || [429, 502, 503, 504].includes(failure.status!));
}

/** Names one request, however often it is sent. */
export function newKey(): string {
  // Not randomUUID: pages that came by plain http have none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A path with its ids; refuses what could lead to another one. */
export function pathOf(template: string, ids: object = {}): string {
  if (!/^\/(?!\/)/.test(template)) throw new TypeError(`A path begins with one slash: ${template}`);
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id: unknown = (ids as Record<string, unknown>)[name];
    if (typeof id !== 'string' || !/^(?!\.+$)[^/\\?#%\s\x00-\x1f]+$/.test(id)) {
      throw new TypeError(`${name} must be an id, not ${JSON.stringify(id)}`);
    }
    return encodeURIComponent(id);
  });
}

/** Work that the network, or the one who gave the signal, may end. */
export async function onLine<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (signal.aborted) throw reasonOf(signal);
    throw new ActionError({ code: 'network', detail: 'The gateway could not be reached.', retryable: true }, undefined, cause);
  }
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (cause) {
    // The page of a network that wants a sign-in first, for one.
    throw new ActionError({ code: 'unreadable', detail: 'Something else than the gateway answered.', retryable: true }, undefined, cause);
  }
}

function search(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length ? '?' + new URLSearchParams(given.map(([name, value]) => [name, String(value)])) : '';
}

function checkedBase(baseUrl: string | URL): string {
  let url;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new TypeError(`baseUrl must be the gateway's address, not ${JSON.stringify(baseUrl)}`);
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError('baseUrl must be an http or https address, and nothing more');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
