import type { components, paths } from './openapi.js';
import { ActionError, failureOf } from './problem.js';
import { newKey, pathOf, sender, type Answer, type Bounds, type ClientOptions } from './send.js';
import { limited, sleep } from './time.js';
import { poll, settledView, transitions, until, type Transition } from './watch.js';

type Schemas = components['schemas'];
export type Accepted = Schemas['Accepted'];
export type ActionView = Schemas['ActionView'];
export type DeploymentView = Schemas['DeploymentView'];
export type NewDeployment = Schemas['NewDeployment'];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Upper<M extends Method> = Uppercase<M>;
type Lower<M extends string> = Lowercase<M> extends infer L extends Method ? L : never;

/** The paths of the API that take a method. */
export type PathFor<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never }[keyof paths];

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type Given<T> = [NonNullable<T>] extends [never] ? unknown : T;
type Parameter<O, Where extends string, As extends string> =
  O extends { parameters: { [W in Where]: infer T } } ? { [A in As]: T }
    : O extends { parameters: { [W in Where]?: infer T } } ? { [A in As]?: Given<T> } : unknown;
type Body<O> =
  O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B }
    : O extends { requestBody?: { content: { 'application/json': infer B } } } ? { body?: B } : unknown;
type Key<O> = O extends { parameters: { header?: { 'Idempotency-Key'?: string } } } ? { idempotencyKey?: string } : unknown;

/** What an operation of the API takes: `path` for the ids in its path, `query`, `body`. */
export type InputOf<P extends keyof paths, M extends Method> =
  Parameter<Operation<P, M>, 'path', 'path'> & Parameter<Operation<P, M>, 'query', 'query'> & Body<Operation<P, M>> & Key<Operation<P, M>>
  & { headers?: Record<string, string> };

/** What an operation of the API answers when it goes well; undefined if that has no body. */
export type OutputOf<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R & (200 | 201 | 202)]: R[S] extends { content: { 'application/json': infer T } } ? T : undefined }[keyof R & (200 | 201 | 202)]
    : never;

type Inputs<P extends keyof paths, M extends Method> = {} extends InputOf<P, M>
  ? [input?: InputOf<P, M> & Bounds]
  : [input: InputOf<P, M> & Bounds];

/** How a request that changes something can be made. */
export interface RequestOptions extends Bounds {
  /** Names the request: the same key and request are one, however often they are sent. One is made up if none is given. */
  idempotencyKey?: string | undefined;
}

export interface TriggerOptions extends RequestOptions {
  /** Override the action's part of the app's input. */
  args?: Record<string, unknown> | undefined;
  /** Begin even what is done anew. */
  rerun?: boolean | undefined;
}

export interface PollOptions extends TriggerOptions {
  /** Hears of every poll. */
  onStatus?: ((action: ActionView) => void) | undefined;
  /** Between two polls, in milliseconds: 2000, unless said otherwise. */
  interval?: number | undefined;
}

export interface WatchOptions {
  /** The `seq` of the last transition that is known already. */
  after?: number | undefined;
  /** What was answered to `run`, `resume`, `cancel` or `trigger`: the transitions end when all that it began is over. */
  until?: Pick<Accepted, 'requestId'> | undefined;
  signal?: AbortSignal | undefined;
}

/** A client of one gateway. Its members can be taken off it, as in `const { run, watch } = createClient(…)`. */
export type Client = ReturnType<typeof createClient>;

/**
 * Makes a client. Whatever fails, fails with an {@link ActionError}; what the caller ended, with the signal's reason;
 * what is no address or id, with a TypeError before anything is sent.
 *
 * Reads, and requests that carry an idempotency key, are repeated when nobody answered, at 503, and while the same
 * request is still in progress: under the same key, after as long as the gateway asks for, for 30 seconds or `timeout`.
 */
export function createClient(options: ClientOptions) {
  const sent = sender(options);

  /** Any call of the API, with what else its answer says: the status, and headers such as `Link` and `ETag`. */
  async function call<M extends Upper<Method>, P extends PathFor<Lower<M>>>(
    method: M, path: P, ...[input]: Inputs<P, Lower<M>>
  ): Promise<Answer<OutputOf<P, Lower<M>>>> {
    const { path: ids, ...rest } = (input ?? {}) as { path?: object };
    return sent.send({ ...rest, method, path: pathOf(path, ids) });
  }

  /** Reads. */
  async function get<P extends PathFor<'get'>>(path: P, ...input: Inputs<P, 'get'>): Promise<OutputOf<P, 'get'>> {
    const answer = await (call as (...all: unknown[]) => Promise<Answer<OutputOf<P, 'get'>>>)('GET', path, ...input);
    return answer.data;
  }

  /** Sends a request under a key of its own, unless there is one. */
  async function request<T>(template: string, ids: object, body: unknown, { idempotencyKey = newKey(), signal, timeout }: RequestOptions = {}): Promise<T> {
    const answer = await sent.send<T>({ method: 'POST', path: pathOf(template, ids), body, idempotencyKey, signal, timeout });
    return answer.data;
  }

  /** Creates a deployment. Nothing runs until it is triggered or run. */
  const create = (deployment: NewDeployment, options?: RequestOptions): Promise<DeploymentView> =>
    request('/api/v1/deployments', {}, deployment, options);

  /** Has the server advance every app until all is done, or something failed. */
  const run = (deploymentId: string, options?: RequestOptions & { plan?: string }): Promise<Accepted> =>
    request(`${ONE}/run`, { id: deploymentId }, options?.plan === undefined ? undefined : { plan: options.plan }, options);

  /** Goes on from what failed or was stopped. */
  const resume = (deploymentId: string, options?: RequestOptions): Promise<Accepted> =>
    request(`${ONE}/resume`, { id: deploymentId }, undefined, options);

  /** Stops all that is under way; `resume` goes on from there. */
  const cancel = (deploymentId: string, options?: RequestOptions): Promise<Accepted> =>
    request(`${ONE}/cancel`, { id: deploymentId }, undefined, options);

  /** Ensures that an action runs: joins a run under way, leaves what is done, begins again what failed. */
  const trigger = (workflowId: string, appId: string, actionId: string, options: TriggerOptions = {}): Promise<Accepted> => {
    const { args, rerun } = options;
    const body = args === undefined && rerun === undefined ? undefined : { args, rerun };
    return request(ACTION, { id: workflowId, app: appId, action: actionId }, body, options);
  };

  /** Where an action stands. */
  const status = (workflowId: string, appId: string, actionId: string, bounds?: Bounds): Promise<ActionView> =>
    get(ACTION, { path: { id: workflowId, app: appId, action: actionId }, ...bounds });

  /** Where a deployment stands, with all its apps and actions. */
  const deployment = (deploymentId: string, bounds?: Bounds): Promise<DeploymentView> =>
    get(ONE, { path: { id: deploymentId }, ...bounds });

  /**
   * The first system's call: triggers an action and polls it every two seconds. Resolves when it is `done`; fails with
   * an {@link ActionError} when it is `error`. Without a `timeout` it waits as long as that takes, be it for a person:
   * `onStatus` hears what is to be done then.
   */
  async function triggerAndPollAction(workflowId: string, appId: string, actionId: string, options: PollOptions = {}): Promise<ActionView> {
    const whole = limited(options.signal, options.timeout ?? Infinity);
    const { signal } = whole;
    try {
      const path = pathOf(ACTION, { id: workflowId, app: appId, action: actionId });
      const { requestId } = await trigger(workflowId, appId, actionId, { ...options, signal });
      for (let tag: string | null = null; ; ) {
        const { data, status, headers }: Answer<ActionView> = await poll(sent, path, { trigger: requestId }, tag, signal);
        if (status === 200) {
          tag = headers.get('ETag');
          options.onStatus?.(data);
          if (data.request?.outcome === 'refused' || data.status === 'error') throw failureOf(data);
          if (data.status === 'done') return data;
          if (data.status === 'idle') throw new ActionError({ code: 'idle', detail: 'The action was taken back.', retryable: true });
        }
        await sleep(options.interval ?? 2_000, signal);
      }
    } finally {
      whole.end();
    }
  }

  /**
   * The transitions of a deployment: first those that were, then those that happen; each once and in order, across
   * broken connections too. They come as a stream; where that cannot work, from polls, which do not see what came and
   * went between two of them. Without `until` they have no end: leave the loop, or abort the signal.
   */
  function watch(deploymentId: string, { after = 0, until: request, signal }: WatchOptions = {}): AsyncGenerator<Transition, void, undefined> {
    pathOf(ONE, { id: deploymentId });
    const life = signal ?? new AbortController().signal;
    return request
      ? until(sent, deploymentId, request.requestId, after, life)
      : transitions(sent, deploymentId, after, life);
  }

  /** Waits until nothing of the deployment runs any more; with `until`, until that request is decided and over too. */
  async function settled(deploymentId: string, { until: request, signal, timeout = Infinity }: Bounds & Pick<WatchOptions, 'until'> = {}): Promise<DeploymentView> {
    const whole = limited(signal, timeout);
    try {
      return await settledView(sent, deploymentId, request?.requestId, whole.signal);
    } finally {
      whole.end();
    }
  }

  return { call, get, create, run, resume, cancel, trigger, status, deployment, triggerAndPollAction, watch, settled };
}

const ONE = '/api/v1/deployments/{id}';
const ACTION = '/api/v1/deployments/{id}/apps/{app}/actions/{action}';
