import { ActionError, type Answer, type Client } from '../client';
import { after, type Deployment } from './model';

/** How often to ask while the reader saves data: while something runs, and while nothing does. */
const POLL_RUNNING = 10_000;
const POLL_RESTING = 30_000;

export interface Following {
  client: Client;
  id: string;
  /** Asks now and then instead of holding a stream open. */
  sparing: boolean;
  signal: AbortSignal;
  onView(view: Deployment): void;
  /** The line is gone, or back. */
  onLine(connected: boolean): void;
}

/**
 * Follows a deployment until the signal: reads it, then takes in its transitions as they come (a stream that resumes; the
 * client falls back to polls). @throws ActionError when the API refuses; a lost line is no refusal, and is waited out.
 */
export async function follow(to: Following): Promise<void> {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      await (to.sparing ? poll(to) : stream(to));
      return;
    } catch (error) {
      if (to.signal.aborted) {
        return;
      }
      if (!(error instanceof ActionError) || !isLine(error)) {
        throw error;
      }
      to.onLine(false);
      await rest(pause, to.signal);
    }
  }
}

async function stream({ client, id, signal, onView, onLine }: Following): Promise<void> {
  let view = (await client.deployment(id, { signal, timeout: 10_000 })) as Deployment;
  onLine(true);
  onView(view);
  for await (const next of client.watch(id, { after: view.seq, signal })) {
    view = after(view, next as Parameters<typeof after>[1]);
    onView(view);
  }
}

async function poll({ client, id, signal, onView, onLine }: Following): Promise<void> {
  let tag: string | null = null;
  let running = true;
  while (!signal.aborted) {
    const answer: Answer<unknown> = await client.call('GET', '/api/v1/deployments/{id}', {
      path: { id },
      headers: tag ? { 'If-None-Match': tag } : {},
      signal,
      timeout: 10_000,
    });
    onLine(true);
    if (answer.status === 200) {
      tag = answer.headers.get('ETag');
      const view = answer.data as Deployment;
      running = view.status === 'running';
      onView(view);
    }
    await rest(running ? POLL_RUNNING : POLL_RESTING, signal);
  }
}

function isLine(error: ActionError): boolean {
  return ['network', 'timeout', 'unreadable'].includes(error.code) || [429, 502, 503, 504].includes(error.status ?? 0);
}

/** Until the time is over, the line is back, or the signal. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
