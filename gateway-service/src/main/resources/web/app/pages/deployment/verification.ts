/** A DSSE envelope, as `GET …/receipt` answers it. */
export interface Envelope {
  payload: string;
  payloadType: string;
  signatures: { keyid: string; sig: string }[];
}

/** A key of the platform; `exp` in seconds: nothing that it signed later counts. */
export interface PlatformKey {
  kid: string;
  x: string;
  exp?: number;
  revoked?: number;
}

/** What came of verifying: which key signed, or the reason (a key of the section `deployment`) why it does not count. */
export type Verdict = { valid: true; keyid: string } | { valid: false; why: 'key' | 'revoked' | 'signature' | 'other' };

interface Statement {
  _type: string;
  predicateType: string;
  predicate: { runDetails: { metadata: { invocationId?: string; finishedOn?: string } } };
}

/**
 * Verifies a receipt as docs/receipts.md says: DSSE over Ed25519, by a key of the platform that still counts.
 *
 * @throws DOMException with the name NotSupportedError where the browser knows no Ed25519
 */
export async function verify(envelope: Envelope, keys: PlatformKey[], deployment: string): Promise<Verdict> {
  const { keyid, sig } = envelope.signatures[0];
  const key = keys.find((it) => it.kid === keyid);
  if (!key) {
    return { valid: false, why: 'key' };
  }
  const payload = bytes(envelope.payload);
  const begin = `DSSEv1 ${length(envelope.payloadType)} ${envelope.payloadType} ${payload.length} `;
  const signed = new Uint8Array([...new TextEncoder().encode(begin), ...payload]);
  const imported = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x: key.x }, { name: 'Ed25519' }, false, ['verify']);
  if (!(await crypto.subtle.verify({ name: 'Ed25519' }, imported, bytes(sig), signed))) {
    return { valid: false, why: 'signature' };
  }
  const statement = JSON.parse(new TextDecoder().decode(payload)) as Statement;
  const { finishedOn, invocationId } = statement.predicate.runDetails.metadata;
  if (
    statement._type !== 'https://in-toto.io/Statement/v1' ||
    statement.predicateType !== 'https://slsa.dev/provenance/v1' ||
    !invocationId?.includes(deployment)
  ) {
    return { valid: false, why: 'other' };
  }
  if (key.revoked !== undefined || (key.exp !== undefined && !(Date.parse(finishedOn ?? '') < key.exp * 1000))) {
    return { valid: false, why: 'revoked' };
  }
  return { valid: true, keyid };
}

function length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
}
