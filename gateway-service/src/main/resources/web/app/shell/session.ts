import { createClient, type Client } from '../../client';

const KEY = 'offshoot.token';

/**
 * Who is signed in: the token, and whether the gateway still takes it. Kept in the tab's own storage: phones go from hand
 * to hand in a hub, and a closed tab should leave nobody signed in. Fires `change` whenever one of both changes.
 */
class Session extends EventTarget {
  #token = sessionStorage.getItem(KEY) ?? undefined;
  #refused = false;

  /** The API, as whoever is signed in. */
  readonly client: Client = createClient({
    baseUrl: location.origin,
    token: () => this.#token,
    fetch: async (...call) => {
      const answer = await fetch(...call);
      if (answer.status === 401) {
        this.refuse();
      }
      return answer;
    },
  });

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
    await createClient({ baseUrl: location.origin, token }).get('/api/v1/deployments', { query: { limit: '1' } });
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
