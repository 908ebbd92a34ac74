import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { untranslated } from './language.js';
import { api, stack } from './stack.js';

after(close);

const SECRET = 'correct-horse-battery-staple';
const TITLES = {
  en: 'What would you like to deploy?',
  fr: 'Que voulez-vous déployer ?',
  sw: 'Ungependa kuweka nini?',
  pt: 'O que quer implantar?',
};
const NEXT = { en: 'Next', fr: 'Suivant', sw: 'Endelea', pt: 'Seguinte' };
const REQUIRED = { en: 'Please fill this in.', fr: 'À remplir, s’il vous plaît.', sw: 'Tafadhali jaza hapa.', pt: 'Preencha isto, por favor.' };

const newSlug = () => `new-${Math.random().toString(36).slice(2, 10)}`;
const next = (page) => page.getByRole('button', { name: 'Next', exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, level: 2, exact: true }).waitFor();

async function fillShared(page, slug) {
  await page.getByLabel('Short name', { exact: true }).fill(slug);
  await next(page);
  await heading(page, 'Your app');
}

async function fillApp(page, id, title) {
  await page.getByLabel('Short name of the app').fill(id);
  await page.getByLabel('Original at GitHub').fill('offshoot-upstream/docs-site');
  await page.getByLabel('Title', { exact: true }).fill(title);
}

/** From an empty form to its review, with one app. */
async function toReview(page, slug = newSlug()) {
  await fillShared(page, slug);
  await fillApp(page, 'docs', 'Mwanzo Hub');
  await next(page);
  await heading(page, 'Accounts');
  await next(page);
  await heading(page, 'Settings and secrets');
  await next(page);
  await heading(page, 'Look it over');
}

test('somebody on a phone gets from the catalogue to a live address', () =>
  at('/catalogue', {}, async (page) => {
    await page.getByRole('heading', { name: 'Documentation site' }).waitFor();
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'catalogue-phone');
    await page.getByRole('link', { name: 'Start: Documentation site' }).click();

    await fillShared(page, newSlug());
    await fillApp(page, 'docs', 'Mwanzo Hub');
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'new-app-phone');
    await page.getByRole('button', { name: 'Add another app' }).click();
    await heading(page, 'App 2');
    await fillApp(page, 'handbook', 'Handbook');
    await next(page);
    await heading(page, 'Accounts');
    await isAccessible(page);
    await next(page);
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Name', { exact: true }).fill('NOTICE');
    await page.getByLabel(/^Text/).fill('Doors open at nine.');
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Name', { exact: true }).nth(1).fill('SESSION_KEY');
    await page.getByLabel('Its value').nth(1).selectOption('generate');
    await isAccessible(page);
    await fits(page);
    await next(page);
    await heading(page, 'Look it over');
    await page.getByText('Doors open at nine.').waitFor();
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'new-review-phone');
    await page.getByRole('button', { name: 'Show what would happen' }).click();

    await page.getByText('Calls to the providers').waitFor();
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'new-plan-phone');
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();

    await page.waitForURL(/\/deployments\/[0-9a-f-]+$/);
    const address = await page.getByRole('link', { name: /Open/ }).first().getAttribute('href');
    assert.match(await (await fetch(address)).text(), /Mwanzo Hub|Handbook/);
  }));

test('a value that does not fit is told at its field, which has the focus, and nothing is sent', () =>
  at('/new/docs-site', {}, async (page) => {
    const sent = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    const field = page.getByLabel('Short name', { exact: true });
    await field.fill('No Good');

    await next(page);

    await page.getByText('This does not have the form that is described above.').waitFor();
    assert.ok(await field.evaluate((it) => it === document.activeElement && it.getAttribute('aria-invalid') === 'true'));
    assert.deepEqual(sent, []);
    await isAccessible(page);
    await shoot(page, 'new-invalid-phone');
    await field.fill('good');
    await page.getByText('This does not have the form').waitFor({ state: 'detached' });
  }));

test('what only the hub’s accounts can tell is shown at the field that it is about', () =>
  at('/new/docs-site', {}, async (page) => {
    await page.route(/dryRun=true/, (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        json: {
          type: '/problems/invalid-request', title: 'Invalid', status: 422, code: 'invalid-request', retryable: false, detail: 'One value does not fit.',
          errors: [{ pointer: '/apps/0/input/content/title', detail: 'is too plain' }],
        },
      }), { times: 1 });

    await fillShared(page, newSlug());
    await fillApp(page, 'docs', 'Mwanzo Hub');
    for (const name of ['Accounts', 'Settings and secrets']) {
      await next(page);
      await heading(page, name);
    }
    await next(page);

    await page.getByText('is too plain').waitFor();
    assert.ok(await page.getByLabel('Title', { exact: true }).evaluate((it) => it === document.activeElement));
  }));

test('every kind of value that a workflow may ask for reaches the request, and what is left empty does not', () =>
  at('/catalogue', {}, async (page) => {
    const input = {
      type: 'object',
      required: ['guests', 'mail'],
      properties: {
        guests: { title: 'Guests', type: 'integer', minimum: 1, maximum: 50 },
        share: { title: 'Share', type: 'number' },
        open: { title: 'Open to all', type: 'boolean', default: true },
        tags: { title: 'Tags', type: 'array', maxItems: 2, items: { type: 'string', maxLength: 5 } },
        mail: { title: 'Mail', type: 'string', format: 'email' },
        day: { title: 'Day', type: 'string', format: 'date' },
        hall: { title: 'Hall', type: 'object', required: ['name'], properties: { name: { title: 'Its name', type: 'string' }, floor: { title: 'Floor', type: 'integer' } } },
      },
    };
    await page.route(/workflows\/docs-site$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), input } });
    });
    let sent;
    await page.route(/dryRun=true/, (route) => {
      sent = route.request().postDataJSON();
      return route.fulfill({ json: {} });
    });
    await page.getByRole('link', { name: 'Start: Documentation site' }).click();
    await fillShared(page, newSlug());
    await page.getByLabel('Short name of the app').fill('docs');
    await page.getByLabel('Guests').fill('51');
    await page.getByLabel('Mail').fill('nobody');
    await page.getByLabel('Tags').fill('one\n\nsecond');
    await page.getByLabel('Floor').fill('2');
    await next(page);
    for (const wrong of ['At most 50.', 'This is no e-mail address.', 'Too long: at most 5 characters.', 'Please fill this in.']) {
      await page.getByText(wrong).waitFor();
    }
    await isAccessible(page);
    await page.getByLabel('Guests').fill('12');
    await page.getByLabel('Mail').fill('hub@example.org');
    await page.getByLabel('Tags').fill('one\n\ntwo');
    await page.getByLabel('Floor').fill('');
    await page.getByLabel('Open to all').uncheck();
    const checked = page.waitForResponse(/dryRun=true/);
    for (const name of ['Accounts', 'Settings and secrets', 'Look it over']) {
      await next(page);
      await heading(page, name);
    }

    await checked;
    assert.deepEqual(sent.apps, [{ appId: 'docs', input: { guests: 12, open: false, tags: ['one', 'two'], mail: 'hub@example.org' } }]);
  }));

test('a draft survives a reload, and holds no secret', () =>
  at('/new/docs-site', {}, async (page) => {
    const slug = newSlug();
    await toReview(page, slug);
    await page.getByRole('button', { name: 'Change: Settings and secrets' }).click();
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Name', { exact: true }).fill('API_KEY');
    await page.getByLabel('Its value').selectOption('value');
    await page.getByLabel('Secret', { exact: true }).fill(SECRET);
    await isAccessible(page);
    const kept = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok((await kept()).includes(slug));
    assert.ok(!(await kept()).includes(SECRET));
    let asked = 0;
    page.on('dialog', (dialog) => (asked++, dialog.accept()));

    await page.reload();

    await heading(page, 'Settings and secrets');
    assert.equal(asked, 1, 'A reload loses the secret, so the browser asks');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'API_KEY');
    assert.equal(await page.getByLabel('Secret', { exact: true }).inputValue(), '');
    await next(page);
    await page.getByText('Please fill this in.').waitFor();
    await page.reload();
    await heading(page, 'Settings and secrets');
    assert.equal(asked, 1, 'Now nothing is lost, and nobody is asked');
  }));

test('a sign-in that expires half-way loses nothing', async () => {
  const made = await api('POST', '/hubs/example/api-keys', { name: 'a telephone', role: 'owner' });
  await at('/new/docs-site', { token: made.key }, async (page) => {
    await fillShared(page, newSlug());
    await fillApp(page, 'docs', 'Mwanzo Hub');
    await api('DELETE', `/hubs/example/api-keys/${made.id}`);
    await refused(made.key);
    for (const name of ['Accounts', 'Settings and secrets', 'Look it over']) {
      await next(page);
      await heading(page, name);
    }
    const asked = page.getByRole('dialog', { name: 'Sign in again' });
    await asked.waitFor();
    await page.getByLabel('Token or API key').fill(stack.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await asked.waitFor({ state: 'detached' });
    await page.getByText('Mwanzo Hub').waitFor();
    await page.getByRole('button', { name: 'Show what would happen' }).click();

    await page.getByRole('button', { name: 'Deploy', exact: true }).waitFor();
  });
});

test('an answer that is lost and a second press make one deployment', () =>
  at('/new/docs-site', {}, async (page) => {
    const keys = new Set();
    let lost = 0;
    await page.route(/\/api\/v1\/deployments$/, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.add(route.request().headers()['idempotency-key']);
      const answer = await route.fetch();
      // The client itself tries for half a minute; a refusal in between stands for its giving up.
      return lost++ ? route.fulfill({ response: answer }) : route.fulfill({ status: 500, body: '' });
    });
    await toReview(page);
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await page.getByRole('alert').waitFor();
    await page.reload();
    await heading(page, 'Look it over');

    await page.getByRole('button', { name: 'Show what would happen' }).click();

    await page.waitForURL(/\/plan$/);
    assert.equal(lost, 2);
    assert.equal(keys.size, 1);
  }));

for (const [locale, title] of Object.entries(TITLES)) {
  test(`the catalogue and the form speak ${locale}`, () =>
    at('/catalogue', { locale }, async (page) => {
      await page.getByRole('heading', { name: title, level: 1, exact: true }).waitFor();
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await fits(page);
      assert.deepEqual(await untranslated(page), []);

      await page.locator('a[href="/new/docs-site"]').click();
      await page.getByRole('button', { name: NEXT[locale], exact: true }).click();

      await page.getByText(REQUIRED[locale]).waitFor();
      await fits(page);
      assert.deepEqual(await untranslated(page), []);
    }));
}

test('the form is readable in the dark and on a wide screen', () =>
  at('/new/docs-site', { dark: true, width: 'desktop' }, async (page) => {
    await heading(page, 'For all apps');

    await isAccessible(page);
    await shoot(page, 'new-dark');
  }));

/** Waits until the gateway has heard that a key is revoked: within two seconds. */
async function refused(key) {
  while ((await fetch(new URL('/api/v1/workflows', stack.gateway), { headers: { Authorization: `Bearer ${key}` } })).ok);
}
