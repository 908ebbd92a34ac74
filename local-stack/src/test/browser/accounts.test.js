import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { api } from './stack.js';

after(close);

test('a secret is set, is nowhere on the page or the device, and is deleted when that is confirmed', () =>
  at('/accounts', {}, async (page) => {
    const secrets = page.locator('offshoot-secrets');
    await secrets.getByText('Set a secret', { exact: true }).click();
    await secrets.getByLabel('Name', { exact: true }).fill('PAGE_TOKEN');
    await secrets.getByLabel('Value', { exact: true }).fill('a value that nobody may see');
    await secrets.getByRole('button', { name: 'Seal and keep' }).click();
    await secrets.getByText('PAGE_TOKEN', { exact: true }).waitFor();

    assert.equal((await api('GET', '/secrets/PAGE_TOKEN')).inVault, false);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.body.innerHTML, [...document.querySelectorAll('input, textarea')].map((it) => it.value)]),
    );
    assert.ok(!kept.includes('a value that nobody may see'));

    await secrets.getByRole('button', { name: 'Delete the secret PAGE_TOKEN' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, delete it' }).click();

    await secrets.getByText('PAGE_TOKEN', { exact: true }).waitFor({ state: 'detached' });
  }));

test('a secret is set to its place in the vault, and a wrong place is told at its field', () =>
  at('/accounts', {}, async (page) => {
    const secrets = page.locator('offshoot-secrets');
    await secrets.getByText('Set a secret', { exact: true }).click();
    await secrets.getByLabel('Name', { exact: true }).fill('PAGE_VAULTED');
    await secrets.getByLabel('In the vault').check();
    await secrets.getByLabel('Path, below the hub’s own').fill('../other');
    await secrets.getByLabel('Key', { exact: true }).fill('token');
    await secrets.getByRole('button', { name: 'Seal and keep' }).click();
    await secrets.locator('#secret-path-wrong').waitFor();
    assert.equal(await secrets.getByLabel('Path, below the hub’s own').getAttribute('aria-invalid'), 'true');

    await secrets.getByLabel('Path, below the hub’s own').fill('bots/news');
    await secrets.getByRole('button', { name: 'Seal and keep' }).click();

    await secrets.getByText(/version 1, set by[^]* in the vault/).waitFor();
    await api('DELETE', '/secrets/PAGE_VAULTED');
  }));

test('a token that the provider does not accept is refused with what to do, and the connection removed', () =>
  at('/accounts', {}, async (page) => {
    const github = page.locator('offshoot-connections section', { has: page.getByRole('heading', { name: 'GitHub' }) });
    await github.getByText('Connect an account', { exact: true }).click();
    const form = github.locator('form').first();
    await form.getByLabel('Name of the connection').fill('from-the-page');
    await form.getByLabel('Name of the organisation').fill('example-hub');
    await form.getByLabel('Token', { exact: true }).fill('short');
    await form.getByRole('button', { name: 'Seal and check' }).click();
    await form.locator('.error').waitFor();

    await form.getByLabel('Token', { exact: true }).fill('ghp_thatnobodyhasevergivenout000000000');
    await form.getByRole('button', { name: 'Seal and check' }).click();

    const entry = github.getByRole('listitem').filter({ hasText: 'from-the-page' });
    await entry.getByText('The provider does not accept the token').waitFor();
    assert.equal(await form.getByLabel('Token', { exact: true }).inputValue(), '');

    await entry.getByRole('button', { name: 'Remove the connection from-the-page' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, remove it' }).click();
    await entry.waitFor({ state: 'detached' });
  }));
