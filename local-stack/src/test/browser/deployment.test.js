import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { failed, waiting } from './deployments.js';
import { untranslated } from './language.js';
import { api, create, setDns, until } from './stack.js';

after(close);

test('a first deployment is begun and watched to its end, and the site opens', async () => {
  const id = await create();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByText('Ready. Nothing has been done yet.').waitFor();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Deploy' }).click();

    await page.getByText('14 of 14 steps done').waitFor({ timeout: 60_000 });

    await page.getByText('All is done.').waitFor();
    const site = page.getByRole('link', { name: 'Open docs' });
    assert.equal((await fetch(await site.getAttribute('href'))).status, 200);
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'deployment-done-phone');
  });
});

test('what failed is shown with what to do, and trying the step again finishes', async () => {
  const id = await failed();
  await at(`/deployments/${id}`, {}, async (page) => {
    const step = page.locator('.step.error');
    await step.getByText('Command "npm run build" exited with 1').first().waitFor();
    await step.getByText('Mend what the message names').waitFor();
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'deployment-failed-phone');

    await step.getByRole('button', { name: 'Try this step again' }).click();

    await step.waitFor({ state: 'detached' });
  });
  await until(id, (view) => view.apps[0].actions.find((it) => it.actionId === 'deployment').status === 'done');
});

test('going on from what failed does the rest too', async () => {
  const id = await failed();
  await at(`/deployments/${id}`, { dark: true, width: 'desktop' }, async (page) => {
    await page.getByText('It stopped.').waitFor();
    await isAccessible(page);
    await shoot(page, 'deployment-failed-dark');

    await page.getByRole('button', { name: 'Go on from what failed' }).click();

    await page.getByText('7 of 7 steps done').waitFor();
    await page.locator('.step', { hasText: 'Build and publish' }).locator('summary').click();
    await page.getByText('attempt 2').first().waitFor();
  });
});

test('a person is told which DNS records to set, and it goes on by itself', async () => {
  const id = await waiting();
  await at(`/deployments/${id}`, {}, async (page, context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('It waits for you.').waitFor();
    const records = (await api('GET', `/deployments/${id}`)).apps[0].actions.at(-1).instructions.dnsRecords;
    await page.getByRole('button', { name: /Copy.*Value/ }).first().click();
    await page.getByText('Copied').first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), records[0].value);
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'deployment-needs-you-phone');

    for (const record of records) {
      await setDns(record);
    }
    await page.getByRole('button', { name: 'Check again now' }).click();

    await page.getByText('All is done.').waitFor({ timeout: 40_000 });
  });
});

test('stopping is asked for twice, and what was stopped can go on', async () => {
  const id = await waiting();
  await at(`/deployments/${id}`, {}, async (page) => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await isAccessible(page);
    await dialog.getByRole('button', { name: 'No, go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal((await api('GET', `/deployments/${id}`)).status, 'running');

    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();

    await page.locator('.step', { hasText: 'Stopped on request' }).waitFor();
    await page.getByRole('button', { name: 'Go on from what failed' }).waitFor();
  });
});

for (const locale of ['fr', 'sw', 'pt']) {
  test(`a deployment is told in ${locale}, on a phone`, async () => {
    const id = await waiting();
    await at(`/deployments/${id}`, { locale }, async (page) => {
      await page.locator('.step.you').waitFor();
      for (const card of await page.locator('details.card > summary').all()) {
        await card.click();
      }

      assert.deepEqual(await untranslated(page), []);
      assert.ok(!(await page.locator('offshoot-deployment-page').innerText()).includes('Needs you'));
      await fits(page);
    });
  });
}
