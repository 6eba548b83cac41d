//! The preview in a browser: what is saved shows in the open page, in place, with what is wrong at the figure it
//! concerns; and its pages are as accessible as those that are published.
//!
//! DISCLOSE names the program; without it, the release build.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { judge } from './support/axe.js';
import { launch, open } from './support/browser.js';
import { repository } from './support/site.js';
import { PROGRAM } from './support/variant.js';

/** Milliseconds: four times what a busy machine needs. */
const SLOW = 300_000;

const TABLE = 'content/units/caidian-ggzy/2023/tables/01.toml';
const PAGE = 'units/caidian-ggzy/2023/index.html';
const CELL = 'td[data-cell="公开01表27行1栏"]';

const sources = mkdtempSync(path.join(os.tmpdir(), 'disclose-preview-'));
const at = (file) => path.join(sources, file);
const browser = await launch();
let preview;
let root;

before(async () => {
  for (const part of ['site.toml', 'urls.lock', 'content', 'themes']) {
    cpSync(path.join(repository, part), at(part), { recursive: true });
  }
  preview = spawn(PROGRAM, ['serve', '--quiet', '--listen', '127.0.0.1:0', '--root', sources], { stdio: ['ignore', 'pipe', 'inherit'] });
  preview.stdout.setEncoding('utf8');
  const [line] = await new Promise((ready) => preview.stdout.once('data', (text) => ready(text.split('\n'))));
  root = line.replace('预览：', '');
});
after(async () => {
  await browser.close();
  preview.kill();
  rmSync(sources, { recursive: true, force: true });
});

/** Saves the table with another figure while something is done; the right one again afterwards. */
const whileWrong = async (job) => {
  const right = readFileSync(at(TABLE), 'utf8');
  assert.match(right, /^27 = 373\.97$/m);
  writeFileSync(at(TABLE), right.replace('27 = 373.97', '27 = 374.97'));
  try {
    return await job();
  } finally {
    writeFileSync(at(TABLE), right);
  }
};

const shown = (page, figure) => page.waitForFunction(
  (cell, text) => document.querySelector(cell)?.textContent.includes(text),
  {},
  CELL,
  figure,
);

const isInView = (page, selector) => page.$eval(selector, (node) => {
  const { top, bottom } = node.getBoundingClientRect();
  const over = document.elementFromPoint(node.getBoundingClientRect().left + 3, (top + bottom) / 2);
  return top >= 0 && bottom <= innerHeight && node.contains(over);
});

test('a saved figure shows in place with its finding at the figure, and a figure put right without', { timeout: SLOW }, async () => {
  const { page, visit, troubles, close } = await open(browser, { root });
  await visit(PAGE);
  const bar = () => page.$eval('#preview-bar', (node) => node.textContent);
  const before = await page.$eval(CELL, (node) => node.outerHTML);
  assert.doesNotMatch(await bar(), /未通过检查/);
  await page.$eval(CELL, (node) => node.scrollIntoView({ block: 'center' }));
  await page.evaluate(() => { globalThis.isSamePage = true; });

  await whileWrong(async () => {
    await shown(page, '374.97');
    assert.match(await bar(), /未通过检查/);
    assert.equal(await page.$eval(CELL, (node) => node.textContent.trim()), '374.97', 'nothing but the figure is copied');
    assert.ok(await page.$('.sheet-head button'), 'what the theme has added is still there');
    assert.ok(await isInView(page, CELL), 'the figure is still where it was read');
    await page.click(`${CELL} > .preview-mark.error`);
    const finding = await page.$eval('.finding:target', (node) => node.textContent);
    assert.match(finding, /错误 C101 .*公开01表27行1栏/s);
    assert.ok(finding.includes(`${TABLE}:`), finding);
    assert.ok(await isInView(page, '.finding:target summary'), 'the finding is in view');
    assert.ok(await isInView(page, CELL), 'and so is its figure');
  });
  await shown(page, '373.97');
  assert.equal(await page.$eval(CELL, (node) => node.outerHTML), before);
  assert.doesNotMatch(await bar(), /未通过检查/);
  assert.ok(await page.evaluate(() => globalThis.isSamePage), 'the page was never loaded again');
  assert.deepEqual(troubles, []);
  await close();
});

test('a list of findings that is shut stays shut from page to page', { timeout: SLOW }, async () => {
  const { page, visit, close } = await open(browser, { root });
  await whileWrong(async () => {
    await visit(PAGE);
    await shown(page, '374.97');
    const isOpen = () => page.$eval('#preview-findings', (list) => list.open);
    assert.ok(await isOpen());
    await page.click('#preview-findings > summary');
    // The browser tells of it a moment later; a reader is not so fast.
    await page.waitForFunction(() => sessionStorage.getItem('preview-findings') === 'shut');
    await visit(PAGE);
    assert.ok(!(await isOpen()));
    await page.click(`${CELL} > .preview-mark.error`);
    assert.ok(await isOpen(), 'a mark opens it');
  });
  await close();
});

test('a template that cannot be rendered shows why in its place, and the page comes back', { timeout: SLOW }, async () => {
  const { page, visit, close } = await open(browser, { root });
  const template = at('themes/default/templates/disclosure.html');
  await visit(PAGE);
  mkdirSync(path.dirname(template), { recursive: true });
  const right = readFileSync(template, 'utf8');
  try {
    writeFileSync(template, `${right}\n{% if %}\n`);
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === '这一页做不出来');
    assert.match(await page.$eval('main', (node) => node.textContent), /themes\/default\/templates\/disclosure\.html/);
  } finally {
    writeFileSync(template, right);
  }
  await shown(page, '373.97');
  await close();
});

test('axe finds nothing on the overview and on a page with findings, and neither is wider than the window', { timeout: SLOW }, () =>
  whileWrong(async () => {
    const wrong = [];
    for (const theme of ['light', 'dark']) {
      for (const width of [1280, 390]) {
        const { page, visit, troubles, close } = await open(browser, { root, theme, width });
        await visit(PAGE);
        await shown(page, '374.97');
        for (const path of [PAGE, '_preview/']) {
          await visit(path);
          const told = (line) => wrong.push(`${path} in ${theme} at ${width}: ${line}`);
          (await judge(page)).forEach(told);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) told(`${over} pixels too wide`);
        }
        wrong.push(...troubles);
        await close();
      }
    }
    assert.deepEqual(wrong, []);
  }));
