import type { ReactiveControllerHost } from 'lit';
import { ActionError, newKey } from '../../client';
import { toast } from './announcer';

/** One change that somebody asks for at a time: whether it is under way, and why it was refused. */
export class Change {
  failed?: unknown;
  busy = false;
  readonly #host: ReactiveControllerHost & HTMLElement;
  #key?: { of: string; key: string };

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
  }

  /** Whether it was made. A second one is not begun while the first is under way. */
  async make(change: () => Promise<unknown>, said?: string): Promise<boolean> {
    if (this.busy) {
      return false;
    }
    this.busy = true;
    this.failed = undefined;
    this.#host.requestUpdate();
    try {
      await change();
      this.#key = undefined;
      if (said) {
        toast(said);
      }
      return true;
    } catch (error) {
      this.failed = error;
      await this.#host.updateComplete;
      return false;
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }

  /** The same for the same request, until it was made: sent anew after a lost line it is still one. */
  keyFor(request: unknown): string {
    const of = JSON.stringify(request);
    if (this.#key?.of !== of) {
      this.#key = { of, key: newKey() };
    }
    return this.#key.key;
  }

  /** What is wrong with one field of what was sent, in the API's words. */
  wrong(...pointers: string[]): string | undefined {
    return this.failed instanceof ActionError
      ? this.failed.errors.find((it) => pointers.includes(it.pointer ?? ''))?.detail
      : undefined;
  }

  /** What went wrong, unless it was said at the fields. */
  problem(...pointers: string[]): unknown {
    return this.wrong(...pointers) ? undefined : this.failed;
  }
}
