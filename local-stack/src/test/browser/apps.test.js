import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { create, oneApp } from './stack.js';

after(close);

test('the hub sees what it deployed, the newest first, and older ones when it asks', async () => {
  const ids = [];
  for (let i = 0; i < 21; i++) {
    ids.push(await create(oneApp));
  }
  await at('/', {}, async (page) => {
    const entries = page.getByRole('main').getByRole('listitem');
    await entries.first().waitFor();
    await page.locator(`a[href="/deployments/${ids[20]}"]`).waitFor();
    await isAccessible(page);
    await fits(page);
    await page.locator(`a[href="/deployments/${ids[0]}"]`).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Show older ones' }).click();

    await page.locator(`a[href="/deployments/${ids[0]}"]`).waitFor();
  });
});

test('the list is readable in the dark and on a wide screen', async () => {
  await create(oneApp);
  await at('/', { dark: true, width: 'desktop' }, async (page) => {
    await page.getByRole('main').getByRole('listitem').first().waitFor();

    await isAccessible(page);
    await shoot(page, 'apps-dark');
  });
});
