/** The few calls of the API that the console makes, until the client of clients/typescript takes this place. */

interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code: string;
  retryable: boolean;
  traceId?: string;
  errors?: { pointer?: string; detail?: string }[];
}

/** The API refused a call (`code` says why), or nobody answered (`code` is `network`). */
export class ActionError extends Error {
  readonly type: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly traceId: string | undefined;
  readonly errors: readonly { pointer?: string; detail?: string }[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.type = problem.type ?? 'about:blank';
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.traceId = problem.traceId;
    this.errors = problem.errors ?? [];
  }
}

export interface ClientOptions {
  baseUrl: string;
  token: () => string | undefined;
}

interface Call {
  body?: unknown;
  key?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export class Client {
  constructor(private readonly options: ClientOptions) {}

  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const answer = await this.send(method, path, call);
    const text = await answer.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** The transitions of a deployment after `seq`, until the server ends the stream. */
  async *transitions<T>(id: string, seq: number, signal: AbortSignal): AsyncGenerator<T> {
    const answer = await this.send('GET', `/api/v1/deployments/${id}/events`, {
      signal,
      headers: { Accept: 'text/event-stream', ...(seq ? { 'Last-Event-ID': String(seq) } : {}) },
    });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      const lines = (rest + value).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('data:')) {
          const { stepId, at, ...event } = JSON.parse(line.slice(5)).data;
          yield { ...event, actionId: stepId, since: at } as T;
        }
      }
    }
  }

  private async send(method: string, path: string, { body, key, signal, headers }: Call): Promise<Response> {
    const token = this.options.token();
    let answer: Response;
    try {
      answer = await fetch(this.options.baseUrl + path, {
        method,
        signal,
        headers: {
          Accept: 'application/json',
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(key ? { 'Idempotency-Key': key } : {}),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (cause) {
      if (signal?.aborted) {
        throw cause;
      }
      throw new ActionError({ code: 'network', retryable: true, detail: 'The gateway could not be reached.' });
    }
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
      throw new ActionError(
        problem?.code ? problem : { code: `http-${answer.status}`, status: answer.status, retryable: answer.status > 500 },
      );
    }
    return answer;
  }
}

/** Names one request, however often it is sent. */
export function newKey(): string {
  // Not randomUUID: pages that came by plain http have none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
