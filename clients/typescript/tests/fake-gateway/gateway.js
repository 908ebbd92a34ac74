// A gateway that does what a test says: real HTTP, each answer written by the test.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createClient } from '@offshoot/client';

export const ID = '0199c2f4-6a80-7000-8000-000000000000';
export const REQUEST = '0199c2f4-6a80-7000-8000-000000000001';

/** Starts one for a test, which ends it. `answers` are used up in turn, the last one for all that follow. */
export async function gateway(t, ...answers) {
  const calls = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', async () => {
      const call = { method: request.method, url: request.url, headers: request.headers, body: body && JSON.parse(body), at: Date.now() };
      calls.push(call);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      await answer(call, response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  return { baseUrl, calls, client: createClient({ baseUrl, token: 'a-token' }) };
}

export const json = (value, status = 200, headers = {}) => (_, response) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
};

export const problem = (status, code, headers = {}, more = {}) => (_, response) => {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers })
    .end(JSON.stringify({ type: `/problems/${code}`, title: code, status, code, retryable: status === 503 || code === 'request-in-progress', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', ...more }));
};

export const cut = (_, response) => response.destroy();

export const never = () => {};

/** By path: the first whose key is in the address. */
export const route = (routes) => (call, response, request) => {
  const [, answer] = Object.entries(routes).find(([part]) => call.url.includes(part)) ?? [];
  return (answer ?? problem(404, 'not-found'))(call, response, request);
};

export const accepted = json({ requestId: REQUEST, deploymentId: ID, status: 'running', state: 'ACCEPTED' }, 202, { 'Retry-After': '2' });

export const action = (status, more = {}) => json({ appId: 'docs', actionId: 'repository', status, state: status.toUpperCase(), generation: 1, attempt: 1, seq: 3, ...more });

/** The event with a seq, as the gateway writes it. */
export const event = (seq, more = {}) => {
  const data = { deploymentId: ID, workflow: 'docs-site', appId: 'docs', stepId: 'repository', seq, state: 'RUNNING', status: 'running', generation: 1, attempt: 1, at: '2026-11-22T08:00:00Z', ...more };
  return `event: transition\nid: ${seq}\ndata: ${JSON.stringify({ specversion: '1.0', type: 'io.offshoot.deployment-event.v1', data })}\n\n`;
};

/** A stream of these pieces, which then stays open, is cut, or ends. */
export const stream = (pieces, then = 'open') => async (_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const piece of pieces) {
    await new Promise((written) => response.write(piece, written));
    // So that each is a chunk of its own.
    await new Promise(setImmediate);
  }
  if (then === 'cut') response.destroy();
  if (then === 'end') response.end();
};

export const deployment = (status, seq, actions = [], more = {}) => json({
  id: ID, workflow: 'docs-site', version: 1, digest: 'd', status, seq, createdAt: '2026-11-22T08:00:00Z', actions: [],
  apps: [{ appId: 'docs', status, actions }], ...more,
});
