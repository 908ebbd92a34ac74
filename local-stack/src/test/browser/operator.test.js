import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { api } from './stack.js';

after(close);

test('operators see how the providers are, what could not be taken in, and what everybody did', async () => {
  await api('PUT', '/secrets/SEEN_BY_OPERATORS', { value: 'nobody sees this one' });
  await at('/operator', {}, async (page) => {
    const github = page.locator('offshoot-providers li', { has: page.getByRole('heading', { name: 'GitHub' }) });
    await github.getByText('Ready', { exact: true }).waitFor();
    await github.getByText(/waiting, .* under way/).first().waitFor();
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor();

    await page.locator('offshoot-audit').getByText('SEEN_BY_OPERATORS').first().waitFor();
    assert.ok(!(await page.content()).includes('nobody sees this one'));
  });
  await api('DELETE', '/secrets/SEEN_BY_OPERATORS');
});

test('owners see their hub’s providers and audit, and no dead letters', async () => {
  const made = await api('POST', '/hubs/example/api-keys', { name: 'an owner', role: 'owner' });
  await at('/operator', { token: made.key }, async (page) => {
    await page.getByText('In your hub, the newest first.').waitFor();
    await page.locator('offshoot-providers li').first().waitFor();

    assert.equal(await page.locator('offshoot-dead-letters').count(), 0);
  });
});

test('a sign-in that ended is asked for again on each page, over what stands there', async () => {
  const made = await api('POST', '/hubs/example/api-keys', { name: 'a telephone', role: 'owner' });
  await at('/operator', { token: made.key }, async (page) => {
    await page.locator('offshoot-audit li').first().waitFor();
    await api('DELETE', `/hubs/example/api-keys/${made.id}`);

    await page.getByRole('button', { name: 'Look again' }).first().click();

    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    assert.ok(await page.locator('offshoot-audit li').count());
  });
});
