import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { ID, REQUEST, deployment, event, gateway, never, problem, route, stream } from './gateway.js';

/** As many transitions as are wanted; then the loop is left. */
async function take(count, transitions) {
  const taken = [];
  for await (const transition of transitions) {
    taken.push(transition);
    if (taken.length === count) break;
  }
  return taken;
}

const seqs = (taken) => taken.map(({ seq }) => seq);
const step = (seq, more = {}) => ({ appId: 'docs', actionId: `step-${seq}`, status: 'running', state: 'RUNNING', generation: 1, attempt: 1, seq, ...more });

describe('A watched deployment', { concurrency: true }, () => {
  it('tells each transition as the action it is of', async (t) => {
    const { client } = await gateway(t, stream([': connected\nretry: 2000\n\n', event(1, { outputs: { url: 'https://docs.example.org' } })]));

    const [first] = await take(1, client.watch(ID));

    assert.deepEqual(
      [first.deploymentId, first.appId, first.actionId, first.seq, first.status, first.since, first.outputs.url],
      [ID, 'docs', 'repository', 1, 'running', '2026-11-22T08:00:00Z', 'https://docs.example.org'],
    );
  });

  it('goes on after a cut where it was, nothing skipped and nothing twice', async (t) => {
    const { client, calls } = await gateway(t,
      stream([event(1), event(2), event(3).slice(0, 40)], 'cut'),
      problem(503, 'unavailable', { 'Retry-After': '1' }),
      // One that does not know the header begins from the beginning.
      stream([event(1), event(2), event(3)], 'end'),
      stream([event(4)]));

    const taken = await take(4, client.watch(ID));

    assert.deepEqual(seqs(taken), [1, 2, 3, 4]);
    assert.deepEqual(calls.map(({ headers }) => headers['last-event-id']), [undefined, '2', '2', '3']);
  });

  it('begins after what is known already', async (t) => {
    const { client, calls } = await gateway(t, stream([event(8)]));

    assert.deepEqual(seqs(await take(1, client.watch(ID, { after: 7 }))), [8]);
    assert.equal(calls[0].headers['last-event-id'], '7');
  });

  it('reads events in whatever pieces and line ends they come', async (t) => {
    const bytes = Buffer.from(event(1, { outputs: { title: 'Élan – 村' } }).replaceAll('\n', '\r\n') + event(2));
    const { client } = await gateway(t, stream(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))));

    const taken = await take(2, client.watch(ID));

    assert.deepEqual(seqs(taken), [1, 2]);
    assert.equal(taken[0].outputs.title, 'Élan – 村');
  });

  it('ends when all that a request began is over', async (t) => {
    const { client } = await gateway(t, route({
      '/events': stream([event(1), event(2), event(3, { state: 'SUCCEEDED', status: 'done' })]),
      '?request=': deployment('done', 3, [], { request: { id: REQUEST, outcome: 'started' } }),
    }));

    assert.deepEqual(seqs(await take(Infinity, client.watch(ID, { until: { requestId: REQUEST } }))), [1, 2, 3]);
  });

  it('ends when there was nothing left to do', async (t) => {
    const { client } = await gateway(t, route({
      '/events': stream([': connected\n\n']),
      '?request=': deployment('done', 3, [], { request: { id: REQUEST, outcome: 'already-done' } }),
    }));

    assert.deepEqual(await take(Infinity, client.watch(ID, { after: 3, until: { requestId: REQUEST } })), []);
  });

  it('fails when the request is refused', async (t) => {
    const { client } = await gateway(t, route({
      '/events': stream([': connected\n\n']),
      '?request=': deployment('running', 0, [], { request: { id: REQUEST, outcome: 'refused', code: 'stale-plan', detail: 'Plan it again.' } }),
    }));

    await assert.rejects(take(1, client.watch(ID, { until: { requestId: REQUEST } })), { name: 'ActionError', code: 'stale-plan' });
  });

  it('is polled where a proxy keeps the stream to itself, and no sooner than asked', async (t) => {
    const polls = [deployment('running', 1, [step(1)]), (_, response) => response.writeHead(304, { 'Retry-After': '4' }).end(), deployment('done', 3, [step(1), step(3), step(2)])];
    const { client, calls } = await gateway(t, route({ '/events': never, [ID]: (...call) => (polls.length > 1 ? polls.shift() : polls[0])(...call) }));

    const taken = await take(3, client.watch(ID));

    assert.deepEqual(taken.map(({ seq, actionId, deploymentId }) => [seq, actionId, deploymentId]), [[1, 'step-1', ID], [2, 'step-2', ID], [3, 'step-3', ID]]);
    const [, first, second, third] = calls;
    assert.ok(second.at - first.at >= 1_950, 'two seconds lie between polls');
    assert.ok(third.at - second.at >= 3_950, 'Retry-After is honoured');
  });

  it('is polled where what answers is no stream', async (t) => {
    const { client } = await gateway(t, route({ '/events': (_, response) => response.end('<h1>Wi-Fi</h1>'), [ID]: deployment('running', 2, [step(2)]) }));

    assert.deepEqual(seqs(await take(1, client.watch(ID))), [2]);
  });

  it('fails when the credential has ended', async (t) => {
    const { client } = await gateway(t, stream([event(1)], 'end'), problem(401, 'unauthenticated'));

    await assert.rejects(take(2, client.watch(ID)), { name: 'ActionError', code: 'unauthenticated', status: 401 });
  });

  it('ends with the reason of the signal', async (t) => {
    const { client } = await gateway(t, stream([event(1)]));
    const controller = new AbortController();
    const reason = new Error('The page was left.');

    await assert.rejects(async () => {
      for await (const { seq } of client.watch(ID, { signal: controller.signal })) {
        assert.equal(seq, 1);
        controller.abort(reason);
      }
    }, reason);
  });

  it('lets go of the connection when the loop is left', async (t) => {
    let closed;
    const { client } = await gateway(t, (call, response, request) => {
      closed = once(request, 'close');
      return stream([event(1)])(call, response);
    });

    await take(1, client.watch(ID));

    await closed;
  });
});
