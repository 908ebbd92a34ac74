import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible } from './browser.js';
import { done, isDone } from './deployments.js';
import { api, create, oneApp, until } from './stack.js';

after(close);

test('the ledger, the receipt and its verification', async () => {
  const { id } = await done();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByText('What it owns').click();
    await page.getByText('github · repository').waitFor();
    await page.getByText('Receipt', { exact: true }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    const receipt = JSON.parse(readFileSync(await (await coming).path(), 'utf8'));

    await page.getByRole('button', { name: 'Verify' }).click();

    const valid = page.getByText('Valid: signed by');
    const unable = page.getByText('This browser cannot check');
    await valid.or(unable).waitFor();
    assert.equal(receipt.payloadType, 'application/vnd.in-toto+json');
    await isAccessible(page);
  });
});

test('a receipt that was changed is not valid', async () => {
  const { id } = await done();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.route('**/receipt', async (route) => {
      const answer = await route.fetch();
      const receipt = await answer.json();
      const changed = Buffer.from(receipt.payload, 'base64').toString().replace('succeeded', 'cancelled');
      await route.fulfill({ response: answer, json: { ...receipt, payload: Buffer.from(changed).toString('base64') } });
    });
    await page.getByText('Receipt', { exact: true }).click();

    await page.getByRole('button', { name: 'Verify' }).click();

    await page.getByText('Not valid: the signature does not fit.').or(page.getByText('This browser cannot check')).waitFor();
  });
});

test('a step that is done runs again only when it is asked for twice', async () => {
  const { id, seq } = await done();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByText('Run a step again').click();
    await page.getByLabel('Step', { exact: true }).selectOption({ label: 'docs: Build and publish the site' });
    await page.getByRole('button', { name: 'Run it again' }).click();
    await isAccessible(page);
    await page.getByRole('button', { name: 'No', exact: true }).click();
    assert.equal((await api('GET', `/deployments/${id}`)).seq, seq);
    await page.getByRole('button', { name: 'Run it again' }).click();

    await page.getByRole('button', { name: 'Yes, run it again' }).click();

    const again = await until(id, (view) => isDone(view) && view.seq > seq);
    assert.equal(again.apps[0].actions.find((it) => it.actionId === 'deployment').generation, 2);
  });
});

test('taking an app down shows the plan, sends nothing for a wrong name, and takes down what was shown', async () => {
  const { id, seq } = await done();
  await at(`/deployments/${id}`, {}, async (page) => {
    const sent = [];
    page.on('request', (request) => /\/teardown$/.test(request.url()) && sent.push(request.url()));
    await page.getByText('Take an app down').click();
    await page.getByRole('button', { name: 'Show what would be taken down' }).click();
    await page.getByText('This would happen').waitFor();
    await page.getByText('taken back').first().waitFor();

    await page.getByLabel('To go ahead, type the app’s name: docs').fill('handbook');
    await page.getByRole('button', { name: 'Take it down' }).click();

    await page.getByText('That is not the app’s name. It is docs. Nothing was sent.').waitFor();
    await isAccessible(page);
    await fits(page);
    assert.deepEqual(sent, []);
    assert.equal((await api('GET', `/deployments/${id}`)).seq, seq);

    await page.getByLabel('To go ahead, type the app’s name: docs').fill('docs');
    await page.getByRole('button', { name: 'Take it down' }).click();

    await until(id, (view) => view.status !== 'running' && view.seq > seq);
    await page.getByText('What it owns').click();
    await page.getByText('It owns nothing at the providers.').waitFor();
    assert.deepEqual(await api('GET', `/deployments/${id}/resources`), []);
  });
});

test('an address of no deployment is told in plain words', () =>
  at('/deployments/0199c2f4-6a80-7000-8000-000000000000', {}, async (page) => {
    await page.locator('offshoot-problem').getByText('The hub has no deployment of that id').waitFor();
    await isAccessible(page);
  }));

test('a member who may only watch is told why nothing else works', async () => {
  const { key } = await api('POST', '/hubs/example/api-keys', { name: 'a visitor', role: 'member', scopes: ['watch', 'events'] });
  const id = await create(oneApp);
  await at(`/deployments/${id}`, { token: key }, async (page) => {
    await page.getByRole('button', { name: 'Deploy' }).click();

    await page.getByText('Your sign-in may not do this.').waitFor();
  });
});
