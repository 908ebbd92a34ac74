import type { NewDeployment } from '../../../client';
import type { Workflow } from './request';

/** What is signed, as docs/intents.md has it. */

const TYPE = 'application/vnd.in-toto+json';
const WINDOW = 60 * 60 * 1000;

export interface Prepared {
  /** The canonical request, for those who want to see what they sign. */
  request: string;
  statement: string;
  /** The very bytes to sign. */
  signed: string;
  notAfter: string;
}

/** The request as it is signed: without the values of secrets, in the one form that JCS allows. */
export function canonical(body: NewDeployment): string {
  const { intent: _, secrets, ...rest } = body as Record<string, unknown> & { secrets?: Record<string, unknown> };
  const hidden = secrets && Object.fromEntries(Object.entries(secrets).map(([name, it]) => [name, typeof it === 'object' ? it : null]));
  return write(hidden ? { ...rest, secrets: hidden } : rest);
}

export async function prepare(workflow: Workflow, body: NewDeployment, hub: string, audience: string): Promise<Prepared> {
  const request = canonical(body);
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const now = Date.now();
  const notAfter = seconds(now + WINDOW);
  const statement = write({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'request', digest: { sha256: await sha256(request) } }],
    predicateType: 'https://offshoot.io/intent/v1',
    predicate: {
      workflow: { id: workflow.id, version: workflow.version, digest: workflow.digest },
      apps: body.apps.map((it) => it.appId),
      secrets: Object.keys(body.secrets ?? {}).sort(),
      nonce,
      notBefore: seconds(now),
      notAfter,
      audience,
      hub,
    },
  });
  const length = new TextEncoder().encode(statement).length;
  return { request, statement, signed: `DSSEv1 ${TYPE.length} ${TYPE} ${length} ${statement}`, notAfter };
}

/** The envelope that goes with the request; undefined if that is no Ed25519 signature in base64. */
export function envelope(prepared: Prepared, keyid: string, pasted: string): object | undefined {
  const sig = pasted.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/');
  if (!/^[A-Za-z0-9+/]{86}(==)?$/.test(sig)) {
    return undefined;
  }
  const payload = btoa(String.fromCharCode(...new TextEncoder().encode(prepared.statement)));
  return { payload, payloadType: TYPE, signatures: [{ keyid, sig: sig.padEnd(88, '=') }] };
}

/** RFC 8785: JavaScript writes text and numbers as it says; only the order of members is left to do. */
function write(value: unknown): string {
  return JSON.stringify(value, (_, it: unknown) =>
    it && typeof it === 'object' && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  );
}

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (it) => it.toString(16).padStart(2, '0')).join('');
const seconds = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
