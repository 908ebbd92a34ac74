import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { at, close, fits, isAccessible, shoot } from './browser.js';
import { api, sandbox } from './stack.js';

after(close);

/** A hub with accounts of its own, which takes only what its key signed. */
async function signingHub() {
  const hub = `signing-${Math.random().toString(36).slice(2, 10)}`;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  await api('POST', '/hubs', { id: hub, name: 'Those who sign' });
  const owner = (await api('POST', `/hubs/${hub}/api-keys`, { name: 'its owner', role: 'owner' })).key;
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  const jwk = { kty, crv, x };
  const { nonce, challenge } = await api('POST', `/hubs/${hub}/keys/challenge`, { jwk }, owner);
  await api('POST', `/hubs/${hub}/keys`, { nonce, jwk, name: 'The hub’s key', signature: sign(null, Buffer.from(challenge), privateKey).toString('base64') }, owner);
  const account = { organization: hub, githubToken: `ghs_${hub}`, teamId: `team_${hub}`, teamSlug: hub, vercelToken: `vcs_${hub}` };
  await sandbox('POST', '/accounts', account);
  await api('PUT', `/connections/github/${hub}`, { token: account.githubToken, account: hub }, owner);
  await api('PUT', `/connections/vercel/${hub}`, { token: account.vercelToken, account: account.teamId }, owner);
  await api('PUT', `/hubs/${hub}/policy`, { intents: 'required' }, owner);
  return { hub, owner, privateKey };
}

test('where the hub demands it, a deployment is made once it is signed, and what is no signature is not sent', async () => {
  const { hub, owner, privateKey } = await signingHub();
  await at('/new/docs-site', { token: owner }, async (page) => {
    const next = () => page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByLabel('Short name', { exact: true }).fill(hub);
    await next();
    await page.getByLabel('Short name of the app').fill('docs');
    await page.getByLabel('Original at GitHub').fill('offshoot-upstream/docs-site');
    await page.getByLabel('Title', { exact: true }).fill('Ours, é signed');
    await next();
    await next();
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Name', { exact: true }).fill('API_KEY');
    await page.getByLabel('Its value').selectOption('value');
    await page.getByLabel('Secret', { exact: true }).fill('not signed, and not told');
    await next();
    await page.getByRole('button', { name: 'Go on to sign' }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download to-sign.bin' }).click();
    const bytes = readFileSync(await (await coming).path());
    assert.ok(!bytes.includes('not told'));
    await isAccessible(page);
    await fits(page);
    await shoot(page, 'new-sign-phone');
    await page.getByLabel('The signature').fill('none');
    await page.getByRole('button', { name: 'Send it signed' }).click();
    await page.getByText('This is no signature').waitFor();

    await page.getByLabel('The signature').fill(sign(null, bytes, privateKey).toString('base64'));
    await page.getByRole('button', { name: 'Send it signed' }).click();

    await page.waitForURL(/\/plan$/);
    const id = page.url().split('/').at(-2);
    assert.ok((await api('GET', `/deployments/${id}/intent`, undefined, owner)).digest);
  });
});
