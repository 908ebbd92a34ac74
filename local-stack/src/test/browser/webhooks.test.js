import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { api } from './stack.js';

after(close);

test('a webhook is added, tested, looked at, sent again, paused and deleted', () =>
  at('/webhooks', {}, async (page) => {
    await page.locator('offshoot-webhooks-page form').waitFor({ state: 'attached' });
    const open = await page.locator('details', { has: page.locator('#webhook-url') }).getAttribute('open');
    if (open === null) {
      await page.getByText('Add a webhook').click();
    }
    await page.getByLabel('Address').fill('https://10.0.0.1/hook');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.locator('#webhook-url-wrong').waitFor();

    // An address of the public internet at which nobody can be reached from here.
    await page.getByLabel('Address').fill('https://198.41.0.4/hook');
    await page.getByLabel('What it is for').fill('from the page');
    await page.getByLabel('Done', { exact: true }).check();
    await page.getByRole('button', { name: 'Add it' }).click();
    const shown = page.locator('offshoot-shown-once code');
    assert.match(await shown.textContent(), /^whsec_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'detached' });

    const card = page.locator('section.card', { has: page.getByRole('heading', { name: 'from the page' }) });
    await card.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('A test is being sent').first().waitFor();
    await card.getByText('What was sent').click();
    await card.locator('.tries li').first().waitFor({ timeout: 40_000 });
    await card.getByRole('button', { name: 'Send again' }).first().click();
    await page.getByText('It is being sent again').first().waitFor();

    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByText('Paused', { exact: true }).waitFor();
    const [{ id }] = (await api('GET', '/webhooks')).webhooks.filter((it) => it.description === 'from the page');
    assert.equal((await api('GET', `/webhooks/${id}`)).state, 'paused');

    await card.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, delete it' }).click();
    await card.waitFor({ state: 'detached' });
  }));
