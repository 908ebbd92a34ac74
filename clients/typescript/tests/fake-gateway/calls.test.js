import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { ActionError, createClient } from '@offshoot/client';
import { ID, accepted, action, cut, gateway, json, never, problem, route } from './gateway.js';

const where = [ID, 'docs', 'repository'];

describe('A call', { concurrency: true }, () => {
  it('triggers an action and polls it every two seconds until it is done', async (t) => {
    const { client, calls } = await gateway(t, accepted, action('running'), action('done', { outputs: { url: 'https://docs.example.org' } }));
    const heard = [];

    const done = await client.triggerAndPollAction(...where, { onStatus: ({ status }) => heard.push(status) });

    assert.deepEqual(heard, ['running', 'done']);
    assert.equal(done.outputs.url, 'https://docs.example.org');
    assert.deepEqual(calls.map(({ method }) => method), ['POST', 'GET', 'GET']);
    assert.match(calls[1].url, /actions\/repository\?trigger=0199c2f4/);
    assert.ok(calls[2].at - calls[1].at >= 1_950, 'two seconds lie between polls');
    assert.equal(calls[0].headers.authorization, 'Bearer a-token');
  });

  it('fails as the action did', async (t) => {
    const error = { kind: 'REFUSED', code: 'name-taken', message: 'There is a repository of that name.' };
    const { client } = await gateway(t, accepted, action('error', { state: 'FAILED', error }));

    await assert.rejects(client.triggerAndPollAction(...where), (failure) => {
      assert.ok(failure instanceof ActionError);
      assert.deepEqual([failure.code, failure.message, failure.retryable], ['name-taken', 'There is a repository of that name.', false]);
      return true;
    });
  });

  it('fails when the trigger was refused after it was accepted', async (t) => {
    const request = { id: ID, outcome: 'refused', code: 'needs-not-done', detail: 'The project is not there yet.' };
    const { client } = await gateway(t, accepted, action('idle', { request }));

    await assert.rejects(client.triggerAndPollAction(...where), { name: 'ActionError', code: 'needs-not-done' });
  });

  it('sends what a trigger overrides', async (t) => {
    const { client, calls } = await gateway(t, accepted);

    await client.trigger(...where, { args: { name: 'other' }, rerun: true, idempotencyKey: 'mine' });

    assert.deepEqual(calls[0].body, { args: { name: 'other' }, rerun: true });
    assert.equal(calls[0].headers['idempotency-key'], 'mine');
  });

  for (const [what, first] of Object.entries({
    'the gateway is away': problem(503, 'unavailable', { 'Retry-After': '1' }),
    'the same request is in progress': problem(409, 'request-in-progress', { 'Retry-After': '1' }),
    'the connection is cut': cut,
    'a proxy finds no gateway': (_, response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    'a network wants a sign-in first': (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Wi-Fi</h1>'),
    'the answer is cut off': (_, response) => {
      response.writeHead(202, { 'Content-Length': '1000' });
      response.write('{"requestId":', () => response.destroy());
    },
  })) {
    it(`is repeated under its one key while ${what}`, async (t) => {
      const { client, calls } = await gateway(t, first, first, accepted);

      const answer = await client.run(ID);

      assert.equal(answer.state, 'ACCEPTED');
      assert.equal(calls.length, 3);
      assert.equal(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size, 1);
      assert.match(calls[0].headers['idempotency-key'], /^[0-9a-f]{32}$/);
    });
  }

  it('waits for as long as the gateway asks', async (t) => {
    const { client, calls } = await gateway(t, problem(503, 'unavailable', { 'Retry-After': '2' }), accepted);

    await client.resume(ID);

    assert.ok(calls[1].at - calls[0].at >= 1_950);
  });

  it('has a key of its own for each request', async (t) => {
    const { client, calls } = await gateway(t, accepted);

    await client.run(ID);
    await client.run(ID);

    assert.notEqual(calls[0].headers['idempotency-key'], calls[1].headers['idempotency-key']);
  });

  it('is not repeated when it is refused', async (t) => {
    const errors = [{ pointer: '/apps/0/appId', detail: 'is missing' }];
    const { client, calls } = await gateway(t, problem(422, 'invalid-request', {}, { detail: 'Something is missing.', errors }));

    await assert.rejects(client.create({ workflow: 'docs-site', apps: [] }), (failure) => {
      assert.ok(failure instanceof ActionError && failure instanceof Error);
      assert.deepEqual(
        [failure.type, failure.code, failure.status, failure.retryable, failure.message, failure.traceId, failure.errors],
        ['/problems/invalid-request', 'invalid-request', 422, false, 'Something is missing.', '4bf92f3577b34da6a3ce929d0e0e4736', errors],
      );
      return true;
    });
    assert.equal(calls.length, 1);
  });

  it('is not repeated without a key if it changes something', async (t) => {
    const { client, calls } = await gateway(t, cut);

    await assert.rejects(client.call('POST', '/api/v1/hubs', { body: { id: 'north' } }), { code: 'network', retryable: true });
    assert.equal(calls.length, 1);
  });

  it('gives up when the gateway wants more time than there is', async (t) => {
    const { client, calls } = await gateway(t, problem(503, 'unavailable', { 'Retry-After': '60' }));

    await assert.rejects(client.run(ID, { timeout: 5_000 }), { code: 'unavailable', retryAfterMs: 60_000 });
    assert.equal(calls.length, 1);
  });

  it('ends in time when headers come late', async (t) => {
    const { client } = await gateway(t, never);
    const began = Date.now();

    await assert.rejects(client.run(ID, { timeout: 300 }), { name: 'ActionError', code: 'timeout', retryable: true });
    assert.ok(Date.now() - began < 3_000);
  });

  it('ends in time while it polls', async (t) => {
    const { client } = await gateway(t, accepted, action('running'));

    await assert.rejects(client.triggerAndPollAction(...where, { timeout: 500 }), { code: 'timeout' });
  });

  it('ends with the reason of the signal, waiting for an answer or between polls', async (t) => {
    const late = await gateway(t, never);
    const polled = await gateway(t, accepted, action('running'));
    const controller = new AbortController();
    const reason = new Error('The page was left.');
    const both = [
      late.client.run(ID, { signal: controller.signal }),
      polled.client.triggerAndPollAction(...where, { signal: controller.signal, onStatus: () => controller.abort(reason) }),
    ];

    for (const ended of await Promise.allSettled(both)) assert.equal(ended.reason, reason);
    await assert.rejects(late.client.status(...where, { signal: AbortSignal.abort(reason) }), reason);
  });

  it('reads with ids and a query, and says what else the answer says', async (t) => {
    const { client, calls } = await gateway(t, json({ deployments: [] }), (_, response) => response.writeHead(304, { ETag: 'W/"1"' }).end());

    assert.deepEqual(await client.get('/api/v1/deployments', { query: { limit: '5' } }), { deployments: [] });
    const same = await client.call('GET', '/api/v1/deployments/{id}', { path: { id: ID }, headers: { 'If-None-Match': 'W/"1"' } });

    assert.deepEqual([same.status, same.data, same.headers.get('ETag')], [304, undefined, 'W/"1"']);
    assert.deepEqual(calls.map(({ url }) => url), ['/api/v1/deployments?limit=5', `/api/v1/deployments/${ID}`]);
  });

  it('asks for the credential each time, and needs none', async (t) => {
    const { baseUrl, calls } = await gateway(t, json({ deployments: [] }));
    const tokens = ['one', undefined];
    const client = createClient({ baseUrl: `${baseUrl}/`, token: async () => tokens.shift() });

    await client.get('/api/v1/deployments');
    await client.get('/api/v1/deployments');

    assert.deepEqual(calls.map(({ headers }) => headers.authorization), ['Bearer one', undefined]);
  });

  it('waits until a request is decided and over', async (t) => {
    const { client, calls } = await gateway(t,
      json({ id: ID, status: 'running', seq: 1, request: { outcome: 'accepted' } }, 200, { ETag: 'W/"a"' }),
      (_, response) => response.writeHead(304).end(),
      json({ id: ID, status: 'done', seq: 9, request: { outcome: 'started' } }));

    const view = await client.settled(ID, { until: { requestId: ID } });

    assert.equal(view.seq, 9);
    assert.deepEqual(calls.map(({ headers }) => headers['if-none-match']), [undefined, 'W/"a"', 'W/"a"']);
    assert.ok(calls.every(({ url }) => url.endsWith(`?request=${ID}&wait=25`)));
  });
});

describe('What is no address or id', () => {
  it('is refused before anything is sent', async (t) => {
    const { client, calls } = await gateway(t, route({}));
    for (const baseUrl of [undefined, '', 'example.org', '/api', 'ftp://example.org', 'https://me:secret@example.org', 'https://example.org/?a=b']) {
      assert.throws(() => createClient({ baseUrl }), { name: 'TypeError', message: /^baseUrl must be/ });
    }
    for (const id of ['', undefined, null, 7, '.', '..', '../..', 'a/b', 'a\\b', 'a?b', 'a#b', '%2e%2e', 'a b', 'a\n']) {
      await assert.rejects(async () => client.run(id), TypeError);
      await assert.rejects(async () => client.status(ID, id, 'repository'), TypeError);
      await assert.rejects(async () => client.triggerAndPollAction(ID, 'docs', id), TypeError);
      assert.throws(() => client.watch(id), TypeError);
      await assert.rejects(async () => client.get('/api/v1/workflows/{id}', { path: { id } }), TypeError);
    }
    await assert.rejects(async () => client.get('//example.org/'), TypeError);
    await assert.rejects(async () => client.get('example.org/'), TypeError);

    assert.equal(calls.length, 0);
  });
});
