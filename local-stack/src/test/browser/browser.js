import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { stack } from './stack.js';

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1100, height: 800 };

const browser = await chromium.launch({ executablePath: process.env.OFFSHOOT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

/** For `after`: ends the browser of a test file. */
export function close() {
  return browser.close();
}

/**
 * A page of the console on a phone, signed in unless `token` is null. Fails the test that uses it when the page throws, or
 * breaks its content security policy. Close its context when done: `await using` does.
 */
export async function open(path = '/', { token = stack.token, width, dark = false, locale = 'en', offline } = {}) {
  const context = await browser.newContext({
    baseURL: stack.gateway,
    viewport: width === 'desktop' ? DESKTOP : PHONE,
    colorScheme: dark ? 'dark' : 'light',
    locale,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && errors.push(message.text()));
  await page.goto(path + (token ? `#token=${token}` : ''));
  return {
    page,
    context,
    /** Ends it, and fails if anything was thrown meanwhile. */
    async end() {
      await context.close();
      assert.deepEqual(errors, []);
    },
  };
}

/** Opens a page, uses it and ends it. */
export async function at(path, options, use) {
  const opened = await open(path, options);
  try {
    await use(opened.page, opened.context);
  } catch (failure) {
    await shoot(opened.page, `failed-${Date.now()}`, 'target').catch(() => {});
    throw failure;
  }
  await opened.end();
}

/** Nothing that axe knows as a barrier: WCAG 2.2, levels A and AA, and what it thinks good practice. */
export async function isAccessible(page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).join(' | ')}`), []);
}

/** Nothing sticks out at the side. */
export async function fits(page) {
  const { wide, view } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, view: innerWidth }));
  assert.ok(wide <= view, `The page is ${wide} wide on a screen of ${view}`);
}

/** A picture for the documents, if the run is to make them (`OFFSHOOT_SCREENSHOTS` names the folder). */
export async function shoot(page, name, folder = process.env.OFFSHOOT_SCREENSHOTS) {
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}
