import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close } from './browser.js';
import { api } from './stack.js';

after(close);

test('an API key is made with less than its role may do, shown once, and revoked', () =>
  at('/people', {}, async (page) => {
    const keys = page.locator('offshoot-api-keys');
    await keys.getByText('Make a key', { exact: true }).click();
    await keys.getByLabel('Name', { exact: true }).fill('from the page');
    await keys.getByLabel('Trigger and plan').uncheck();
    await keys.getByRole('button', { name: 'Make it' }).click();
    const key = await keys.locator('offshoot-shown-once code').textContent();
    assert.match(key, /^off_key_/);
    assert.deepEqual((await api('GET', '/credential', undefined, key)).permissions, ['watch', 'events']);
    await keys.getByRole('button', { name: 'I have kept it' }).click();
    assert.ok(!(await page.content()).includes(key));

    await keys.getByRole('button', { name: 'Revoke the key from the page' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, revoke it' }).click();

    await keys.getByRole('button', { name: 'Revoke the key from the page' }).waitFor({ state: 'detached' });
    await assert.rejects(api('GET', '/credential', undefined, key), /401/);
  }));

test('a member is added, becomes an owner, and is removed', () =>
  at('/people', {}, async (page) => {
    const subject = `oidc:https://id.example.org#${Math.random().toString(36).slice(2)}`;
    const members = page.locator('offshoot-members');
    await members.getByText('Add somebody').click();
    await members.locator('#member-subject').fill(subject);
    await members.locator('#member-name').fill('Asha of the page');
    await members.locator('#member').getByRole('button', { name: 'Add' }).click();
    const entry = members.getByRole('listitem').filter({ hasText: subject });
    await entry.getByText('Member', { exact: true }).first().waitFor();

    await entry.getByText('Change or remove').click();
    await entry.getByLabel('Role').selectOption('owner');
    await entry.getByRole('button', { name: 'Change the role' }).click();
    await page.getByText('Changed.').first().waitFor();
    assert.equal((await api('GET', '/hubs/example/members')).members.find((it) => it.subject === subject).role, 'owner');

    await entry.getByText('Change or remove').click();
    await entry.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, remove' }).click();
    await entry.waitFor({ state: 'detached' });
  }));

test('the policy of signatures is kept', () =>
  at('/people', {}, async (page) => {
    const before = (await api('GET', '/hubs/example')).policy.intents;
    const wanted = before === 'optional' ? 'off' : 'optional';
    await page.locator(`offshoot-policy input[value=${wanted}]`).check();
    await page.getByRole('button', { name: 'Keep this' }).click();
    await page.getByText('Kept.').first().waitFor();

    assert.equal((await api('GET', '/hubs/example')).policy.intents, wanted);
    await api('PUT', '/hubs/example/policy', { intents: before });
  }));
