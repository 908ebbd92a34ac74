import { ActionError } from './problem.js';

/** A signal that also ends after a time. `end` lets go of the timer, and of whom it listened to. */
export interface Limited {
  readonly signal: AbortSignal;
  /** Begins the time anew, or another. */
  extend(ms: number): void;
  /** What is left of it. */
  left(): number;
  abort(reason: unknown): void;
  end(): void;
}

// AbortSignal.any and AbortSignal.timeout are newer than the telephones that the console is opened on.
export function limited(outer: AbortSignal | undefined, ms: number): Limited {
  const controller = new AbortController();
  const abort = (reason: unknown) => controller.abort(reason);
  const follow = () => abort(reasonOf(outer!));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let until = Infinity;
  const self: Limited = {
    signal: controller.signal,
    extend(time) {
      clearTimeout(timer);
      until = Date.now() + time;
      if (time < 2 ** 31) {
        timer = setTimeout(() => abort(new ActionError({ code: 'timeout', detail: 'There was no answer in time.', retryable: true })), time);
      }
    },
    left: () => until - Date.now(),
    abort,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
  if (outer?.aborted) follow();
  outer?.addEventListener('abort', follow);
  self.extend(ms);
  return self;
}

/** Why it was aborted. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException('The call was aborted.', 'AbortError');
}

/** Waits, and fails with the signal's reason as soon as there is one. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      if (signal.aborted) reject(reasonOf(signal));
      else resolve();
    };
    const timer = setTimeout(wake, signal.aborted ? 0 : ms);
    signal.addEventListener('abort', wake);
  });
}

/** How long to wait before the next try: from half a second to ten, and not all clients at once. */
export function backoff(tries: number): number {
  return Math.min(10_000, 500 * 2 ** tries) * (0.75 + Math.random() / 4);
}
