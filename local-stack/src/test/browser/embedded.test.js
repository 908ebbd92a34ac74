import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { at, close, isAccessible } from './browser.js';
import { create, oneApp, run, stack } from './stack.js';

after(close);

/** A page of somebody else's, at the one other origin that the gateway of this run lets in. */
async function elsewhere(id, use) {
  const page = `<!doctype html><html lang="en"><title>Elsewhere</title><main><h1>Our event</h1>
    <script type="module" src="${stack.gateway}/static/bundle/progress.js"></script>
    <offshoot-progress base-url="${stack.gateway}" deployment="${id}"></offshoot-progress></main>`;
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(page));
  await new Promise((listening) => server.listen(process.env.OFFSHOOT_EMBEDDER, '127.0.0.1', listening));
  try {
    await use(`http://127.0.0.1:${process.env.OFFSHOOT_EMBEDDER}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a page of another origin shows the progress with the element alone', { skip: !process.env.OFFSHOOT_EMBEDDER && 'no origin was let in' }, async () => {
  const id = await create(oneApp);
  await elsewhere(id, (address) =>
    at(address, { token: null }, async (page) => {
      await page.evaluate((token) => {
        document.querySelector('offshoot-progress').token = () => token;
      }, stack.token);
      await page.getByText('Make the repository').waitFor({ state: 'attached' });

      await run(id);

      await page.getByText('7 of 7 steps done').waitFor();
      await isAccessible(page);
      assert.equal(await page.getByRole('link', { name: 'Open docs' }).count(), 1);
    }),
  );
});
