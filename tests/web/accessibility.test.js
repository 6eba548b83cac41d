//! axe-core over every page in light and over each kind of page in both themes, wide and narrow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, open, share } from './support/browser.js';
import { serve } from './support/server.js';
import { samples, site } from './support/site.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** Milliseconds: four times what a busy machine needs. */
const SLOW = 900_000;

const built = site();
let browser;
let server;
before(async () => {
  [browser, server] = [await launch(), await serve()];
  server.show(built.folder);
});
after(() => Promise.all([browser?.close(), server?.close()]));

/** What axe finds wrong on the page as it stands, with everything that folds away laid open. */
const judge = async (page) => {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({
    runOnly: { type: 'tag', values },
    preload: false,
    resultTypes: ['violations'],
  }), TAGS);
  assert.ok(passes.length > 10, 'axe did not judge the page');
  return violations.map(({ id, nodes }) => `${id} ${nodes.length}×: ${nodes[0].target.join(' ')} ${nodes[0].html.slice(0, 200)}`);
};

const judgeAll = async (pages, view) => {
  const wrong = [];
  await share(pages, 2, () => open(browser, { root: server.root, ...view }), async ({ page, visit }, path) => {
    await visit(path);
    wrong.push(...(await judge(page)).map((line) => `${path}: ${line}`));
  });
  assert.deepEqual(wrong.sort(), []);
};

test('axe finds nothing on any page in light, on a wide screen', { timeout: SLOW }, () =>
  judgeAll(built.pages, { theme: 'light', width: 1280 }));

for (const [theme, width] of [['dark', 1280], ['light', 390], ['dark', 390]]) {
  test(`axe finds nothing on any kind of page in ${theme} at ${width} pixels`, { timeout: SLOW }, () =>
    judgeAll(samples(built), { theme, width }));
}
