import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, open } from './browser.js';
import { create, oneApp, stack } from './stack.js';

after(close);

/** A slow 3G line as WebPageTest has it: 400 kbit/s down and up, 400 ms there and back. */
const BYTES_A_SECOND = 400_000 / 8;
const ROUND_TRIP = 400;
/** Pages are usable within two seconds of it: what a first visit may weigh, beside three round trips (page, scripts, words and data). */
const MAY_WEIGH = ((2_000 - 3 * ROUND_TRIP) / 1_000) * BYTES_A_SECOND;

test('a first visit to a deployment weighs no more than a slow line carries in two seconds', async () => {
  const id = await create(oneApp);
  const { page, context, end } = await open('/no-such-page', { token: stack.token });
  await page.getByRole('heading').first().waitFor();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: ROUND_TRIP,
    downloadThroughput: BYTES_A_SECOND,
    uploadThroughput: BYTES_A_SECOND,
  });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  const begin = Date.now();

  await page.goto(`/deployments/${id}`, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Deploy' }).waitFor();

  console.log(`Slow 3G: usable after ${Date.now() - begin} ms and ${bytes} bytes; ${MAY_WEIGH} may come`);
  await end();
  assert.ok(bytes <= MAY_WEIGH, `${bytes} bytes came, ${MAY_WEIGH} may`);
});
