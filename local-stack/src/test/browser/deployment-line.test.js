import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { hasFailed, waiting } from './deployments.js';
import { api, create, oneApp, until } from './stack.js';

after(close);

test('a reload in the middle loses nothing', async () => {
  const id = await waiting();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByText('6 of 7 steps done').waitFor();

    await page.reload();

    await page.getByText('6 of 7 steps done').waitFor();
    await page.getByText('It waits for you.').waitFor();
  });
});

test('a lost line is told, and what happened meanwhile is shown when it is back', async () => {
  const id = await waiting();
  await at(`/deployments/${id}`, {}, async (page, context) => {
    await page.getByText('It waits for you.').waitFor();
    await context.setOffline(true);
    await page.getByText('No connection.').waitFor();
    await api('POST', `/deployments/${id}/cancel`);
    await until(id, hasFailed);
    assert.equal(await page.getByText('It stopped.').count(), 0);

    await context.setOffline(false);

    await page.getByText('It stopped.').waitFor();
    await page.getByText('No connection.').waitFor({ state: 'detached' });
  });
});

test('who saves data is shown the same without a stream', async () => {
  const id = await create(oneApp);
  await at('/', {}, async (page) => {
    await page.getByLabel('Save data').check();
    const streams = [];
    page.on('request', (request) => /\/events$/.test(request.url()) && streams.push(request.url()));
    await page.goto(`/deployments/${id}`);

    await page.getByRole('button', { name: 'Deploy' }).click();

    await page.getByText('All is done.').waitFor({ timeout: 60_000 });
    assert.deepEqual(streams, []);
  });
});

test('a hidden tab asks nothing, and its title tells what happened once it is looked at', async () => {
  const id = await waiting();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByText('It waits for you.').waitFor();
    await seen(page, false);
    await api('POST', `/deployments/${id}/cancel`);
    await until(id, hasFailed);
    assert.equal(await page.getByText('It stopped.').count(), 0);

    await seen(page, true);

    await page.getByText('It stopped.').waitFor();
  });
});

/** Playwright cannot hide a tab; the page is told as a browser would tell it. */
async function seen(page, visible) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !visible);
}
