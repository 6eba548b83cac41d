//! A disclosure on paper: printed to PDF by the browser and read back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { open } from './support/browser.js';
import { browser, built, server } from './support/stage.js';

const SLOW = { timeout: 300_000 };
/** Points. */
const A4 = [595, 842];

/** PDF readers get some characters back as the radical that looks the same, which NFKC does not fold. */
const RADICALS = new Map([...'⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟'].map((c, at, all) => at % 2 ? null : [c, all[at + 1]]).filter(Boolean));

/** A text without spaces and signs, every character by its usual code. */
const letters = (text) => text.replace(/[⺀-⻿]/g, (c) => RADICALS.get(c) ?? c).normalize('NFKC').replace(/[^\p{L}\p{N}.]/gu, '');

/** The pages of a PDF: width and height in points, and their text without spaces. */
const readBack = async (bytes) => {
  const pdf = await getDocument({ data: new Uint8Array(bytes), isEvalSupported: false, verbosity: 0 }).promise;
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    pages.push({ width: Math.round(width), height: Math.round(height), text: letters(items.map(({ str }) => str).join('')) });
  }
  return pages;
};

const print = async (page) => readBack(await page.pdf({ preferCSSPageSize: true, printBackground: false, timeout: 120_000 }));

const is = (page, [width, height]) => Math.abs(page.width - width) <= 2 && Math.abs(page.height - height) <= 2;

for (const at of built.ofKind('disclosure')) {
  test(`${at} prints whole, its wide tables on landscape pages`, SLOW, async () => {
    const { page, visit, troubles, close } = await open(browser, { root: server.root, theme: 'dark' });
    await visit(at);
    const titles = await page.$$eval('.form > h3, .part > h2', (all) => all.map((one) => one.lastChild.textContent));
    const figures = await page.$$eval('.form .n[data-cell]', (all) => all.map((one) => one.textContent.match(/-?[\d.]+/)?.[0]).filter(Boolean));
    const titled = (selector) => page.$$eval(`.form:has(> ${selector} > .frame)`, (all) => all.map((one) => one.querySelector('h3').lastChild.textContent));
    const [upright, wide] = [await titled('.upright'), await titled(':is(.broad:not(.upright), .huge)')];
    const unit = await page.$eval('h1', (one) => one.textContent);
    const pages = await print(page);
    const whole = pages.map(({ text }) => text).join('');
    assert.ok(pages.length > 10 && pages.length < 80, `${pages.length} pages`);
    assert.ok(pages[0].text.includes(letters(unit)), 'the cover names the unit');
    assert.ok(is(pages[0], A4), `the cover is ${pages[0].width} by ${pages[0].height}`);
    assert.deepEqual(titles.filter((title) => !whole.includes(letters(title))), []);
    assert.ok(figures.length > 100);
    assert.deepEqual([...new Set(figures)].filter((figure) => !whole.includes(figure)), []);
    assert.ok(upright.length + wide.length > 0, 'no table is wide');
    const stands = (title, fits) => pages.slice(2).some((one) => fits(one) && one.text.includes(letters(title)));
    for (const title of wide) assert.ok(stands(title, ({ width, height }) => width > height), `${title} stands on no landscape page`);
    for (const title of upright) assert.ok(!stands(title, ({ width, height }) => width > height), `${title} takes a landscape page`);
    assert.deepEqual(pages.filter(({ text }) => text.includes('数据下载')), [], 'paper downloads nothing');
    assert.deepEqual(pages.filter(({ text }) => text === '').length, 0, 'an empty page');
    assert.deepEqual(troubles, []);
    await close();
  });
}

test('a table whose amounts are too long for an upright page prints on a landscape one', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  await visit(built.ofKind('disclosure')[0]);
  const title = await page.$eval('.upright', (sheet) => {
    sheet.classList.remove('upright');
    return sheet.parentElement.querySelector('h3').lastChild.textContent;
  });
  const pages = (await print(page)).filter(({ width, height }) => width > height);
  assert.deepEqual(pages.map(({ text }) => text.includes(letters(title))), [true]);
  await close();
});

test('a table longer than a page prints its head on each page that it takes', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  await visit(built.ofKind('disclosure')[0]);
  const mark = '表头在此';
  await page.evaluate((text) => {
    const table = document.querySelector('.form .by-code:is(table), .form .by-code table');
    table.tHead.querySelector('th').append(text);
    const rows = [...table.tBodies[0].rows];
    for (let times = 0; times < 20; times += 1) table.tBodies[0].append(...rows.map((row) => row.cloneNode(true)));
    const form = table.closest('.form');
    document.querySelectorAll('.form, .part > :not(.form), main > :not(.part)').forEach((one) => one === form || one.contains(form) || one.remove());
  }, mark);
  const pages = await print(page);
  const rows = pages.filter(({ text }) => /20\d{5}/.test(text));
  assert.ok(rows.length >= 3, `${rows.length} pages`);
  assert.equal(rows.filter(({ text }) => text.includes(mark)).length, rows.length);
  await close();
});

test('the characters on paper come from fonts that have them', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  await visit(built.ofKind('disclosure')[0]);
  const session = await page.createCDPSession();
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument');
  for (const selector of ['h1', '.form td', 'main p']) {
    const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    assert.ok(fonts.length > 0 && fonts.every(({ familyName }) => !/last ?resort|tofu/i.test(familyName)), `${selector}: ${JSON.stringify(fonts)}`);
  }
  await close();
});
