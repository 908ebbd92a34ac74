import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { untranslated } from './language.js';
import { api } from './stack.js';

after(close);

/** Each page, and its heading in every language. */
const PAGES = {
  '/accounts': { en: 'Accounts and secrets', fr: 'Comptes et secrets', sw: 'Akaunti na siri', pt: 'Contas e segredos' },
  '/events': { en: 'Events', fr: 'Événements', sw: 'Matukio', pt: 'Eventos' },
  '/webhooks': { en: 'Webhooks', fr: 'Webhooks', sw: 'Webhooks', pt: 'Webhooks' },
  '/people': { en: 'People and keys', fr: 'Personnes et clés', sw: 'Watu na funguo', pt: 'Pessoas e chaves' },
  '/operator': { en: 'Operations', fr: 'Exploitation', sw: 'Uendeshaji', pt: 'Operação' },
};

/** Waits until the page has what it shows from the API. */
async function isThere(page, path) {
  await page.locator({
    '/accounts': 'offshoot-secrets details',
    '/events': '.line .state.done',
    '/webhooks': 'offshoot-webhooks-page form',
    '/people': 'offshoot-policy form',
    '/operator': 'offshoot-audit li',
  }[path]).first().waitFor({ state: 'attached' });
}

for (const locale of ['en', 'fr', 'sw', 'pt']) {
  test(`the pages about the hub speak ${locale}, fit a phone and keep nobody out`, () =>
    at('/accounts', { locale, dark: locale === 'fr' }, async (page) => {
      for (const [path, headings] of Object.entries(PAGES)) {
        await page.locator(`nav a[href="${path}"]`).click();
        await page.getByRole('heading', { level: 1, name: headings[locale], exact: true }).waitFor();
        await isThere(page, path);
        await page.evaluate(() => document.querySelectorAll('main details').forEach((it) => (it.open = true)));

        assert.deepEqual(await untranslated(page), []);
        await fits(page);
        if (locale === 'en' || locale === 'fr') {
          await isAccessible(page);
        }
        await shoot(page, `${path.slice(1)}-phone-${locale}`);
      }
    }));
}

test('the navigation shows what the sign-in may see', async () => {
  const made = await api('POST', '/hubs/example/api-keys', { name: 'a screen in the hall', role: 'subscriber' });
  await at('/events', { token: made.key }, async (page) => {
    await page.locator('.line .state.done').waitFor();
    const entries = await page.getByRole('navigation').getByRole('link').allTextContents();

    assert.deepEqual(entries.map((it) => it.trim()), ['Events']);
  });
});
