import { ActionError, type components } from '../../../client';
import { messages } from '../../../client/watch';
import { session } from '../../shell/session';

export type HubEvent = components['schemas']['DeploymentEvent'] & { id: string };

/** How many are kept. */
const KEPT = 200;
/** How long a stream may be silent: the gateway gives a sign of life every 15 seconds. */
const SILENT_FOR = 40_000;
const LONGEST_PAUSE = 10_000;

/**
 * What was heard of the hub, the newest first, and how to go on from there. It outlives the page: whoever looks at a
 * deployment and comes back has missed nothing.
 */
class Feed {
  events: HubEvent[] = [];
  #cursor?: string;
  #of?: string;

  /**
   * Hears until the signal; a lost line is waited out, and what happened meanwhile comes then. @throws ActionError when the
   * API refuses.
   */
  async hear(signal: AbortSignal, onChange: (connected: boolean) => void): Promise<void> {
    if (this.#of !== session.token) {
      this.events = [];
      this.#cursor = undefined;
      this.#of = session.token;
    }
    for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        await this.#stream(signal, () => {
          pause = 1000;
          onChange(true);
        });
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (error instanceof ActionError && error.status !== undefined && ![429, 502, 503, 504].includes(error.status)) {
          throw error;
        }
      }
      if (signal.aborted) {
        return;
      }
      onChange(false);
      await rest(pause, signal);
    }
  }

  async #stream(signal: AbortSignal, onSign: () => void): Promise<void> {
    const life = new AbortController();
    const end = () => life.abort();
    let silence = setTimeout(end, SILENT_FOR);
    signal.addEventListener('abort', end);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENT_FOR);
      onSign();
    };
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.#cursor !== undefined) {
        headers['Last-Event-ID'] = this.#cursor;
      }
      const answer = await session.sender.attempt({ method: 'GET', path: '/api/v1/events', headers }, life.signal);
      heard();
      for await (const { id, data } of messages(answer.body!, life.signal, heard)) {
        if (data) {
          const event = JSON.parse(data) as { id: string; data: components['schemas']['DeploymentEvent'] };
          this.#take({ ...event.data, id: event.id });
        }
        this.#cursor = id ?? this.#cursor;
        onSign();
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', end);
      life.abort();
    }
  }

  /** Each comes at least once. */
  #take(event: HubEvent): void {
    if (!this.events.some((it) => it.id === event.id)) {
      this.events = [event, ...this.events].slice(0, KEPT);
    }
  }
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

export const feed = new Feed();
