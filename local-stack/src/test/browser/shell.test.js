import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { untranslated } from './language.js';
import { api, create, oneApp, stack } from './stack.js';

after(close);

const CLAIM = { en: 'Apps', fr: 'Applications', sw: 'Programu', pt: 'Aplicações' };

test('the link of ./run signs in and leaves no token in the address bar', () =>
  at('/', {}, async (page) => {
    await page.getByRole('heading', { name: 'Apps' }).waitFor();

    assert.equal(new URL(page.url()).hash, '');
    assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes(stack.token));
  }));

test('who is not signed in is asked to, and a wrong token is told in plain words', () =>
  at('/', { token: null }, async (page) => {
    await page.getByLabel('Token or API key').fill('off_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not taken').waitFor();
    await isAccessible(page);
    await shoot(page, 'sign-in-phone');

    await page.getByLabel('Token or API key').fill(`${stack.gateway}/#token=${stack.token}`);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('heading', { name: 'Apps' }).waitFor();
  }));

test('a key that is revoked while the page is open asks to sign in again and loses nothing', async () => {
  const made = await api('POST', '/hubs/example/api-keys', { name: 'a telephone', role: 'member', scopes: ['watch'] });
  await create(oneApp);
  await at('/', { token: made.key }, async (page) => {
    await page.getByRole('link', { name: /docs/ }).first().waitFor();
    await api('DELETE', `/hubs/example/api-keys/${made.id}`);

    // What the page does by itself when the line is back; the revocation is heard of within two seconds.
    const asked = page.getByRole('dialog', { name: 'Sign in again' });
    while (!(await asked.isVisible())) {
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await page.waitForResponse(/deployments/);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    assert.ok(await page.getByRole('link', { name: /docs/ }).first().count());
    await isAccessible(page);
    await page.getByLabel('Token or API key').fill(stack.token);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await asked.waitFor({ state: 'detached' });
  });
});

test('an address that is no page is told in plain words', () =>
  at('/no/such/page', {}, async (page) => {
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await isAccessible(page);

    await page.getByRole('link', { name: 'To the apps' }).click();

    await page.getByRole('heading', { name: 'Apps' }).waitFor();
  }));

for (const [locale, heading] of Object.entries(CLAIM)) {
  test(`the console speaks ${locale}`, () =>
    at('/', { locale }, async (page) => {
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();

      assert.equal(await page.evaluate(() => document.documentElement.lang), locale);
      assert.deepEqual(await untranslated(page), []);
      await fits(page);
    }));
}

test('a language that is chosen stays', () =>
  at('/', {}, async (page) => {
    await page.getByLabel('Language').selectOption('sw');
    await page.getByRole('heading', { name: 'Programu' }).waitFor();

    await page.reload();

    await page.getByRole('heading', { name: 'Programu' }).waitFor();
  }));
