import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { session } from './session';

/**
 * Reads what a page shows: when it comes up, and again when the line, the sign-in or the reader is back. Whatever fails is
 * in `failed`, and what was read before stays.
 */
export class Fresh implements ReactiveController {
  failed?: unknown;
  busy = false;
  readonly #host: ReactiveControllerHost;
  readonly #read: () => Promise<void>;
  readonly #again = () => void (session.refused || document.hidden || this.read());

  constructor(host: ReactiveControllerHost, read: () => Promise<void>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostConnected() {
    session.addEventListener('change', this.#again);
    addEventListener('online', this.#again);
    document.addEventListener('visibilitychange', this.#again);
    void this.read();
  }

  hostDisconnected() {
    session.removeEventListener('change', this.#again);
    removeEventListener('online', this.#again);
    document.removeEventListener('visibilitychange', this.#again);
  }

  async read(): Promise<void> {
    this.busy = true;
    this.#host.requestUpdate();
    try {
      await this.#read();
      this.failed = undefined;
    } catch (error) {
      this.failed = error;
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }
}
