//! axe-core over every page in light and over each kind of page in both themes, wide and narrow; and
//! whether pages load without a fault.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './support/axe.js';
import { open, share } from './support/browser.js';
import { samples } from './support/site.js';
import { browser, built, server } from './support/stage.js';
import { AMENDED, build } from './support/variant.js';

/** Milliseconds: four times what a busy machine needs. */
const SLOW = 900_000;

/** How far what was drawn moved while the page loaded, as the browser scores it; 0.1 is where readers notice. */
const MOVED = 0.1;

const watched = async (view) => {
  const opened = await open(browser, { root: server.root, ...view });
  await opened.page.evaluateOnNewDocument(() => {
    globalThis.moved = 0;
    const add = (list) => list.getEntries().forEach(({ value }) => { globalThis.moved += value; });
    new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  });
  return opened;
};

const judgeAll = async (pages, view) => {
  const wrong = [];
  await share(pages, 2, () => watched(view), async ({ page, visit, troubles }, path) => {
    await visit(path);
    const moved = await page.evaluate(() => globalThis.moved);
    if (moved > MOVED) wrong.push(`${path}: moved by ${moved}`);
    wrong.push(...(await judge(page)).map((line) => `${path}: ${line}`), ...troubles.splice(0));
  });
  assert.deepEqual(wrong.sort(), []);
};

test('every page loads at rest, asks nowhere else, breaks no policy, and axe finds nothing on it', { timeout: SLOW }, () =>
  judgeAll(built.pages, { theme: 'light', width: 1280 }));

for (const [theme, width] of [['dark', 1280], ['light', 390], ['dark', 390]]) {
  test(`axe finds nothing on any kind of page in ${theme} at ${width} pixels`, { timeout: SLOW }, () =>
    judgeAll(samples(built), { theme, width }));
}

test('axe finds nothing on an amended page nor on its earlier version, in light and dark, wide and narrow', { timeout: SLOW }, async () => {
  const { folder, remove } = build(server.root);
  server.show(folder);
  try {
    for (const theme of ['light', 'dark']) {
      for (const width of [1280, 390]) await judgeAll(Object.values(AMENDED), { theme, width });
    }
  } finally {
    server.show(built.folder);
    remove();
  }
});

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing among the results of the finder and in a sorted table in ${theme}`, { timeout: SLOW }, async () => {
    const { page, visit, troubles, close } = await watched({ theme, width: 390 });
    await visit(`search/index.html?q=${encodeURIComponent('公务')}`);
    await page.waitForSelector('#finder section li mark');
    assert.deepEqual(await judge(page), []);
    await visit(built.pages.find((path) => built.text(path).includes('class="sortable"')));
    await page.$eval('.sortable th button', (button) => button.click());
    await page.waitForSelector('.sortable [aria-sort]');
    assert.deepEqual(await judge(page), []);
    assert.deepEqual(troubles, []);
    await close();
  });
}

test('axe finds what is wrong when something is: a pale word, a picture without words, a box without a name', { timeout: SLOW }, async () => {
  const { page, visit, close } = await watched({ theme: 'light', width: 1280 });
  await visit('index.html');
  await page.evaluate(() => {
    document.querySelector('main h1').style.color = '#ddd';
    document.querySelector('main').append(new Image(), document.createElement('input'));
  });
  const rules = (await judge(page)).map((line) => line.split(' ')[0]);
  for (const rule of ['color-contrast', 'image-alt', 'label']) assert.ok(rules.includes(rule), `${rule} is not among ${rules}`);
  await close();
});
