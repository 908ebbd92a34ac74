// The client with the whole system: OFFSHOOT_GATEWAY and OFFSHOOT_TOKEN say where it is and who asks.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { ActionError, createClient, newKey } from '@offshoot/client';

const baseUrl = process.env.OFFSHOOT_GATEWAY;
const token = process.env.OFFSHOOT_TOKEN;
const offshoot = createClient({ baseUrl, token });

const example = JSON.parse(readFileSync(new URL('../../../../examples/docs-site.json', import.meta.url), 'utf8'));

/** A deployment of one app that nobody else has. */
function site(upstream = 'offshoot-upstream/docs-site') {
  const [{ input }] = example.apps;
  const repository = { ...input.repository, upstream };
  return { ...example, config: { slug: `ts-${newKey().slice(0, 12)}` }, apps: [{ appId: 'docs', input: { ...input, repository } }] };
}

describe('With the whole system', { concurrency: true }, () => {
  it('an action is triggered and polled to its end, and once more it is done', async () => {
    const { id } = await offshoot.create(site());
    const heard = [];

    const done = await offshoot.triggerAndPollAction(id, 'docs', 'repository', { onStatus: ({ status }) => heard.push(status) });

    assert.equal(done.status, 'done');
    assert.ok(done.outputs);
    assert.ok(heard.every((status) => ['running', 'done'].includes(status)), heard.join());
    assert.equal((await offshoot.triggerAndPollAction(id, 'docs', 'repository')).attempt, done.attempt);
    assert.equal((await offshoot.status(id, 'docs', 'repository')).status, 'done');
  });

  it('a whole run is watched, nothing skipped and nothing twice', async () => {
    const { id } = await offshoot.create(site());
    const seen = [];

    for await (const transition of offshoot.watch(id, { until: await offshoot.run(id) })) seen.push(transition);

    const { status, seq, apps } = await offshoot.deployment(id);
    assert.equal(status, 'done');
    assert.deepEqual(seen.map((transition) => transition.seq), Array.from({ length: seq }, (_, index) => index + 1));
    for (const action of apps[0].actions) {
      const last = seen.findLast(({ actionId }) => actionId === action.actionId);
      assert.deepEqual([last.status, last.state, last.seq, last.since, last.outputs], [action.status, action.state, action.seq, action.since, action.outputs]);
    }
  });

  it('an action that fails gives an ActionError with the reason', async () => {
    const { id } = await offshoot.create(site('offshoot-upstream/nowhere'));

    await assert.rejects(offshoot.triggerAndPollAction(id, 'docs', 'repository'), (failure) => {
      assert.ok(failure instanceof ActionError, failure);
      assert.equal(failure.retryable, false);
      return true;
    });
    const { status, error } = await offshoot.status(id, 'docs', 'repository');
    assert.equal(status, 'error');
    assert.ok(error.code);
  });

  it('what is under way is cancelled, and resumed to its end', async () => {
    const { id } = await offshoot.create(site());
    await offshoot.run(id);
    for await (const { status } of offshoot.watch(id)) if (status === 'running') break;

    const stopped = await offshoot.settled(id, { until: await offshoot.cancel(id) });
    assert.equal(stopped.status, 'error');
    assert.ok(stopped.apps[0].actions.some(({ state }) => state === 'CANCELLED'));

    const done = await offshoot.settled(id, { until: await offshoot.resume(id) });
    assert.equal(done.status, 'done');
  });

  it('the same key and request are one', async () => {
    const { id } = await offshoot.create(site());
    const idempotencyKey = newKey();

    const one = await offshoot.trigger(id, 'docs', 'repository', { idempotencyKey });
    const other = await offshoot.trigger(id, 'docs', 'repository', { idempotencyKey });

    assert.deepEqual(one, other);
  });

  it('what is refused is a problem', async () => {
    const nowhere = '0199c2f4-6a80-7000-8000-000000000000';
    for (const refused of [() => offshoot.run(nowhere), () => offshoot.watch(nowhere).next(), () => offshoot.deployment(nowhere)]) {
      await assert.rejects(refused, (failure) => {
        assert.ok(failure instanceof ActionError, failure);
        assert.equal(failure.status, 404);
        assert.match(failure.type, /problems\//);
        assert.match(failure.traceId, /^[0-9a-f]{32}$/);
        return true;
      });
    }
    await assert.rejects(createClient({ baseUrl, token: 'off_wrong' }).get('/api/v1/deployments'), { status: 401 });
  });

  it('what the README shows works', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const samples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, sample]) => sample);
    assert.ok(samples.length >= 4);
    const program = new URL('readme.mjs', import.meta.url);
    after(() => rmSync(program, { force: true }));
    const text = samples.join('\n').replaceAll("'https://offshoot.example.org'", JSON.stringify(baseUrl));
    writeFileSync(program, transformSync(text, { loader: 'ts' }).code);
    globalThis.sessionStorage = { getItem: () => token };
    globalThis.newDeployment = site();
    globalThis.show = () => {};

    await import(program);
  });
});
