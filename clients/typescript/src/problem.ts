import type { components } from './openapi.js';

type Schemas = components['schemas'];
type Problem = Schemas['Problem'];

/** What an {@link ActionError} is made of: a problem of the API, or what this client makes of a failure of its own. */
export type ProblemDetails = Partial<Problem> & Pick<Problem, 'code' | 'retryable'>;

/**
 * Something did not work: the API refused a call, the gateway could not be reached, or an action ended in `error`.
 *
 * `code` is stable. The API's codes each have a page, `type` being its address; an action's are those of its provider.
 * This client adds `network` (nobody answered), `timeout` (not in time), `unreadable` (what answered was not
 * Offshoot), and `http-NNN` (a refusal without a problem, as proxies give it).
 */
export class ActionError extends Error {
  /** The address of a page about it, relative to the gateway; `about:blank` if there is none. */
  readonly type: string;
  readonly code: string;
  /** The HTTP status; undefined if there was no such answer, or an action failed. */
  readonly status: number | undefined;
  /** Whether the same again can help. */
  readonly retryable: boolean;
  /** For how long the gateway, or the provider, asked not to be called. */
  readonly retryAfterMs: number | undefined;
  /** What the operator finds it by. */
  readonly traceId: string | undefined;
  /** What it came from; undefined if it came from an answer. */
  readonly cause: unknown;
  /** What is wrong in the request, each with the JSON Pointer of its place. */
  readonly errors: readonly { pointer?: string; detail?: string }[];

  constructor(problem: ProblemDetails, retryAfterMs?: number, cause?: unknown) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = 'ActionError';
    this.cause = cause;
    this.type = problem.type ?? 'about:blank';
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.retryAfterMs = retryAfterMs;
    this.traceId = problem.traceId;
    this.errors = problem.errors ?? [];
  }
}

/** How an action failed, as the one who waits for it hears it. */
export function failureOf(action: Schemas['ActionView']): ActionError {
  const { error, request, state } = action;
  if (request?.outcome === 'refused') return refusedBy(request);
  if (error) {
    const retryable = error.kind !== 'REFUSED' && error.kind !== 'CREDENTIAL';
    return new ActionError({ code: error.code, detail: error.message, retryable }, error.retryAfterMs);
  }
  const code = String(state).toLowerCase();
  return new ActionError({ code, detail: `The action ended ${code}.`, retryable: true });
}

/** What the orchestrator had against a request. */
export function refusedBy({ code, detail }: Schemas['RequestView']): ActionError {
  return new ActionError({ code: code ?? 'refused', detail: detail ?? 'The request was refused.', retryable: false });
}

/** What a refusal says; a proxy's has no problem in it. */
export async function refusalOf(response: Response): Promise<ActionError> {
  const { status, headers } = response;
  const said: unknown = await response.json().catch(() => undefined);
  const problem = said && typeof (said as Problem).code === 'string'
    ? (said as Problem)
    : { code: `http-${status}`, title: `The gateway answered ${status}.`, status, retryable: [429, 502, 503, 504].includes(status) };
  return new ActionError(problem, retryAfter(headers));
}

/** How long the answer asks to wait, in milliseconds; undefined if it does not. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('Retry-After');
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
