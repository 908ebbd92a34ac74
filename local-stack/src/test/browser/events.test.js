import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { create, oneApp, run } from './stack.js';

after(close);

test('what happens in the hub stands there as it happens, and after a lost line nothing is missing or there twice', async () => {
  const id = await create(oneApp);
  await at('/events', {}, async (page, context) => {
    await page.locator('.line .state.done').waitFor();
    await run(id);
    const entries = page.locator('.feed li').filter({ has: page.locator(`a[href="/deployments/${id}"]`) });
    await entries.filter({ hasText: 'Make the repository' }).filter({ hasText: 'Done' }).waitFor();

    await context.setOffline(true);
    await page.getByRole('link', { name: 'People' }).click({ noWaitAfter: true });
    await context.setOffline(false);
    await page.getByRole('link', { name: 'Events' }).click();

    await entries.filter({ hasText: 'Build and publish the site' }).filter({ hasText: 'Done' }).waitFor();
    const seen = await entries.evaluateAll((all) => all.map((it) => it.querySelector('time').dateTime + it.querySelector('.what').textContent));
    assert.equal(new Set(seen).size, seen.length);
    await entries.first().getByRole('link').click();
    await page.waitForURL(`**/deployments/${id}`);
  });
});

test('who saves data is asked first', () =>
  at('/events', {}, async (page) => {
    await page.getByLabel('Save data').check();
    await page.getByText('Paused to save data').waitFor();

    await page.getByRole('button', { name: 'Listen now' }).click();

    await page.locator('.line .state.done').waitFor();
  }));
