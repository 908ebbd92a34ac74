import type { components } from './openapi.js';
import { ActionError, refusedBy, retryAfter } from './problem.js';
import { isPassing, onLine, pathOf, type Answer, type Sender } from './send.js';
import { backoff, limited, sleep } from './time.js';

type Schemas = components['schemas'];
type ActionView = Schemas['ActionView'];
type DeploymentView = Schemas['DeploymentWithRequest'];

/** Where an action stands since the event `seq` of its deployment. */
export type Transition = Omit<ActionView, 'request'> & { deploymentId: string };

/** How long a stream may take to begin. A proxy that collects answers never lets it. */
const BEGINS_WITHIN = 5_000;
/** How long a stream may be silent: the gateway gives a sign of life every 15 seconds. */
const SILENT_FOR = 40_000;
const POLL_AT_LEAST = 2_000;
const POLL_AT_MOST = 10_000;
/** How long to poll before a stream is tried again. */
const POLLS_FOR = 60_000;

/** From so many failures of streams on, it is polled: a stream that cannot work counts at once. */
const ENOUGH = 4;

/** The transitions of a deployment after `seq`, without end, each once and in order. */
export async function* transitions(sender: Sender, id: string, seq: number, signal: AbortSignal): AsyncGenerator<Transition> {
  for (let failures = 0; ; ) {
    const polls = failures >= ENOUGH;
    let pause = POLL_AT_LEAST;
    failures++;
    const source = polls ? polled(sender, id, seq, signal) : streamed(sender, id, seq, signal, () => { failures = 0; });
    try {
      for await (const next of source) {
        // Should the gateway, or what is between, begin too early: nothing twice.
        if (next.seq <= seq) continue;
        seq = next.seq;
        yield next;
      }
      if (polls) {
        failures = ENOUGH - 1;
        pause = 0;
      }
    } catch (failure) {
      if (signal.aborted || !isPassing(failure)) throw failure;
      const hopeless = failure.code === 'timeout' || failure.code === 'unreadable';
      if (hopeless) failures = ENOUGH;
      pause = failure.retryAfterMs ?? (hopeless ? 0 : backoff(failures));
    }
    await sleep(pause, signal);
  }
}

async function* streamed(sender: Sender, id: string, seq: number, signal: AbortSignal, alive: () => void): AsyncGenerator<Transition> {
  const silence = limited(signal, BEGINS_WITHIN);
  try {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (seq > 0) headers['Last-Event-ID'] = String(seq);
    const call = { method: 'GET', path: pathOf('/api/v1/deployments/{id}/events', { id }), headers };
    const response = await sender.attempt(call, silence.signal);
    if (!response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      throw new ActionError({ code: 'unreadable', detail: 'The gateway did not answer with a stream.', retryable: true });
    }
    const heard = () => {
      alive();
      silence.extend(SILENT_FOR);
    };
    for await (const { data } of messages(response.body, silence.signal, heard)) {
      if (!data) continue;
      const { stepId, at, ...event } = (JSON.parse(data) as { data: Schemas['DeploymentEvent'] }).data;
      yield { ...event, actionId: stepId, since: at };
    }
  } finally {
    silence.end();
    silence.abort(undefined);
  }
}

/** A server-sent event; `data` is empty if it says no more than its id. */
export interface Message {
  id: string | undefined;
  data: string;
}

/** Each server-sent event. What is cut off is none. */
export async function* messages(body: ReadableStream<Uint8Array>, signal: AbortSignal, heard: () => void): AsyncGenerator<Message> {
  const reader = body.getReader();
  const text = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  let id: string | undefined;
  for (;;) {
    const { done, value } = await onLine(signal, () => reader.read());
    if (done) return;
    heard();
    // A carriage return at the end may be half of a line's end.
    const lines = (rest + text.decode(value, { stream: true })).split(/\r\n|\n|\r(?=[^\n])/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      if (line.startsWith('id:')) id = line.slice(3).trim();
      if (line === '' && (data.length || id !== undefined)) {
        yield { id, data: data.join('\n') };
        data = [];
        id = undefined;
      }
    }
  }
}

/** The same from polls, for a while: what came and went between two polls is not seen. */
async function* polled(sender: Sender, id: string, seq: number, signal: AbortSignal): AsyncGenerator<Transition> {
  const end = Date.now() + POLLS_FOR;
  let tag: string | null = null;
  for (let pause = POLL_AT_LEAST; Date.now() < end; ) {
    const { data, status, headers }: Answer<DeploymentView> = await poll(sender, pathOf('/api/v1/deployments/{id}', { id }), {}, tag, signal);
    pause = Math.min(pause * 1.5, POLL_AT_MOST);
    if (status === 200) {
      tag = headers.get('ETag');
      const after = seq;
      const news = data.apps.flatMap((app) => app.actions).filter((action) => action.seq > after);
      for (const action of news.sort((one, other) => one.seq - other.seq)) {
        seq = action.seq;
        pause = POLL_AT_LEAST;
        yield { ...action, deploymentId: id };
      }
    }
    await sleep(Math.max(pause, retryAfter(headers) ?? 0), signal);
  }
}

/** Asks until there is an answer, however long that takes. */
export function poll<T>(sender: Sender, path: string, query: object, tag: string | null, signal: AbortSignal): Promise<Answer<T>> {
  return sender.send<T>({
    method: 'GET',
    path,
    query,
    headers: tag ? { 'If-None-Match': tag } : {},
    signal,
    timeout: Infinity,
    patience: 40_000,
  });
}

/** Where the deployment stands when nothing of it runs any more, and `request`, if there is one, is decided. */
export async function settledView(sender: Sender, id: string, request: string | undefined, signal: AbortSignal): Promise<DeploymentView> {
  const path = pathOf('/api/v1/deployments/{id}', { id });
  for (let tag: string | null = null; ; ) {
    const { data, status, headers }: Answer<DeploymentView> = await poll(sender, path, { request, wait: 25 }, tag, signal);
    if (status === 200) {
      const word = data.request;
      if (word?.outcome === 'refused') throw refusedBy(word);
      if (data.status !== 'running') return data;
      tag = headers.get('ETag');
    }
  }
}

/** The transitions of a deployment until all that a request began is over. */
export async function* until(sender: Sender, id: string, request: string, seq: number, signal: AbortSignal): AsyncGenerator<Transition> {
  const life = limited(signal, Infinity);
  let last = Infinity;
  const over = {};
  settledView(sender, id, request, life.signal).then((view) => {
    last = view.seq;
    if (seq >= last) life.abort(over);
  }, life.abort);
  try {
    for await (const next of transitions(sender, id, seq, life.signal)) {
      seq = next.seq;
      yield next;
      if (seq >= last) return;
    }
  } catch (failure) {
    if (failure !== over) throw failure;
  } finally {
    life.abort(over);
    life.end();
  }
}
