import { createClient, type Client, type ClientOptions, type components } from '../../client';
import { sender, type Sender } from '../../client/send';

const KEY = 'offshoot.token';

/** For which hub somebody acts, and what the credential may do. */
export type Credential = components['schemas']['CredentialView'];

/**
 * Who is signed in: the token, and whether the gateway still takes it. Kept in the tab's own storage: phones go from hand
 * to hand in a hub, and a closed tab should leave nobody signed in. Fires `change` whenever one of both changes.
 */
class Session extends EventTarget {
  #token = sessionStorage.getItem(KEY) ?? undefined;
  #refused = false;

  #who?: Promise<Credential>;

  readonly #options: ClientOptions = {
    baseUrl: location.origin,
    token: () => this.#token,
    fetch: async (...call) => {
      const answer = await fetch(...call);
      if (answer.status === 401) {
        this.refuse();
      }
      return answer;
    },
  };

  /** The API, as whoever is signed in. */
  readonly client: Client = createClient(this.#options);

  /** The same for a stream that the client does not follow by itself. */
  readonly sender: Sender = sender(this.#options);

  /** What the one who is signed in may do. Asked once for each token. */
  who(): Promise<Credential> {
    return (this.#who ??= this.client.get('/api/v1/credential').catch((error: unknown) => {
      this.#who = undefined;
      throw error;
    }));
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
    await createClient({ baseUrl: location.origin, token }).get('/api/v1/credential');
    this.#keep(token);
  }

  signOut(): void {
    sessionStorage.removeItem(KEY);
    this.#token = undefined;
    this.#who = undefined;
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
    this.#who = undefined;
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
