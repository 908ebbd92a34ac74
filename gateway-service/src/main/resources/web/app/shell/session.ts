import { ActionError, Client, newKey } from '../../client';

const KEY = 'offshoot.token';

/**
 * Who is signed in: the token, and whether the gateway still takes it. Kept in the tab's own storage: phones go from hand
 * to hand in a hub, and a closed tab should leave nobody signed in. Fires `change` whenever one of both changes.
 */
class Session extends EventTarget {
  #token = sessionStorage.getItem(KEY) ?? undefined;
  #refused = false;

  readonly #client = new Client({ baseUrl: '', token: () => this.#token });

  /** Asks the API, as whoever is signed in. */
  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#noticing(this.#client.call<T>('GET', path, { signal }));
  }

  /** Has the API change something; the same `key` means the same request, however often it is sent. */
  call<T>(method: string, path: string, body?: unknown, key = newKey()): Promise<T> {
    return this.#noticing(this.#client.call<T>(method, path, { body, key }));
  }

  /** Whether there is a token; it may be refused all the same. */
  get signedIn(): boolean {
    return this.#token !== undefined;
  }

  get refused(): boolean {
    return this.#refused;
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** Takes over a token that came in the link (`#token=…`), and removes it from the address bar and the history. */
  readLink(): void {
    const given = new URLSearchParams(location.hash.slice(1)).get('token');
    if (given) {
      this.#keep(given);
      history.replaceState(history.state, '', location.pathname + location.search);
    }
  }

  /** @throws ActionError if the gateway does not take the token; then it is not kept. */
  async signIn(pasted: string): Promise<void> {
    const token = tokenIn(pasted);
    await new Client({ baseUrl: '', token: () => token }).call('GET', '/api/v1/deployments?limit=1');
    this.#keep(token);
  }

  signOut(): void {
    sessionStorage.removeItem(KEY);
    this.#token = undefined;
    this.#refused = false;
    this.dispatchEvent(new Event('change'));
  }

  /** That the gateway takes the token no longer. */
  refuse(): void {
    if (this.#token && !this.#refused) {
      this.#refused = true;
      this.dispatchEvent(new Event('change'));
    }
  }

  async #noticing<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ActionError && error.status === 401) {
        this.refuse();
      }
      throw error;
    }
  }

  #keep(token: string): void {
    this.#token = token;
    this.#refused = false;
    sessionStorage.setItem(KEY, token);
    this.dispatchEvent(new Event('change'));
  }
}

/** People paste the whole link as often as the token in it. */
function tokenIn(pasted: string): string {
  return /#token=(\S+)/.exec(pasted)?.[1] ?? pasted.trim();
}

export const session = new Session();
