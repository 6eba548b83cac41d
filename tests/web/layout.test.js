//! How pages stand on screens: nothing scrolls sideways but tables in their frames, heads and first columns
//! stay in sight, the contents lead to their headings, the dark theme is dark, columns sort.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './support/browser.js';
import { samples } from './support/site.js';
import { browser, built, server } from './support/stage.js';

const SLOW = { timeout: 300_000 };

const view = async (t, options) => {
  const opened = await open(browser, { root: server.root, ...options });
  t.after(opened.close);
  return opened;
};

test('no kind of page scrolls sideways on a screen of 320 to 1920 pixels', SLOW, async (t) => {
  const { page, visit, troubles } = await view(t, {});
  const wide = [];
  for (const at of samples(built)) {
    await visit(at);
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    for (const width of [320, 390, 768, 1280, 1920]) {
      await page.setViewport({ width, height: 900 });
      const over = await page.evaluate(() => {
        scrollTo(99_999, 0);
        const { scrollWidth, clientWidth } = document.documentElement;
        return Math.max(scrollWidth - clientWidth, scrollX);
      });
      if (over > 0) wide.push(`${at} at ${width}: ${over}`);
    }
  }
  assert.deepEqual(wide, []);
  assert.deepEqual(troubles, []);
});

test('a table wider than a narrow screen scrolls in its own frame, which the keyboard reaches', SLOW, async (t) => {
  const { page, visit } = await view(t, { width: 390 });
  for (const at of built.ofKind('disclosure')) {
    await visit(at);
    const frames = await page.$$eval('.frame', (all) => all.filter((frame) => frame.scrollWidth > frame.clientWidth + 1).map((frame) => {
      frame.scrollLeft = 60;
      return { moved: frame.scrollLeft, focusable: frame.tabIndex === 0, named: Boolean(frame.getAttribute('aria-label') ?? frame.getAttribute('aria-labelledby')) };
    }));
    assert.ok(frames.length > 0, `${at} has no table wider than the screen`);
    assert.deepEqual(frames.filter(({ moved, focusable, named }) => moved === 0 || !focusable || !named), [], at);
  }
});

/** Where the head and a row's name stand in a frame before and after it was scrolled as far as it goes. */
const scrolled = (frame) => frame.evaluate((element) => {
  element.scrollIntoView();
  const boxes = () => {
    const [outer, head, name] = [element, element.querySelector('thead'), element.querySelector('tbody tr:nth-child(2) .stub')].map((one) => one.getBoundingClientRect());
    return { head: head.top - outer.top, name: name.left - outer.left };
  };
  const before = boxes();
  /* Where the whole table stands on the page, it is the page that scrolls. */
  if (getComputedStyle(element).overflowY === 'visible') {
    scrollBy(0, element.getBoundingClientRect().bottom - element.querySelector('thead').offsetHeight - 60);
    return { before: { head: 0, name: 0 }, then: { head: element.querySelector('thead').getBoundingClientRect().top, name: 0 }, left: 0, top: scrollY };
  }
  element.scrollTo(99_999, 99_999);
  return { before, then: boxes(), left: element.scrollLeft, top: element.scrollTop };
});

for (const [what, width, height] of [['head', 1280, 300], ['name', 390, 800]]) {
  test(`the ${what} of a table by codes stays in sight when its frame is scrolled at ${width} by ${height} pixels`, SLOW, async (t) => {
    const { page, visit } = await view(t, { width, height });
    let tried = 0;
    for (const at of built.ofKind('disclosure')) {
      await visit(at);
      for (const frame of await page.$$('.frame:is(.by-code, :has(.by-code)):has(tbody tr:nth-child(2) .stub)')) {
        const { before, then, left, top } = await scrolled(frame);
        if ((what === 'head' ? top : left) < 60) continue;
        tried += 1;
        assert.ok(then[what] >= -1 && then[what] <= Math.max(1, before[what]), `${at}: it moved from ${before[what]} to ${then[what]}`);
      }
    }
    assert.ok(tried >= 2, `${tried} tables could be scrolled`);
  });
}

test('each entry of the contents leads to its heading, at every width', SLOW, async (t) => {
  for (const width of [390, 1280]) {
    const { page, visit } = await view(t, { width });
    const [at] = built.ofKind('disclosure');
    await visit(at);
    await page.evaluate(() => document.querySelectorAll('.contents details').forEach((details) => { details.open = true; }));
    const hrefs = await page.$$eval('.contents a', (links) => links.map((link) => link.getAttribute('href')));
    assert.ok(hrefs.length > 10);
    for (const href of hrefs) {
      await page.$eval(`.contents a[href="${href}"]`, (link) => link.click());
      await page.waitForFunction((hash) => location.hash === hash, {}, href);
      const { top, bottom, height } = await page.evaluate(() => {
        const place = document.querySelector(':target');
        const heading = place?.matches('h2, h3, h4') ? place : place?.querySelector('h2, h3, h4');
        return { ...heading?.getBoundingClientRect().toJSON(), height: innerHeight };
      });
      assert.ok(top >= 0 && bottom <= height, `${width}: ${href} stands at ${top} of ${height}`);
    }
  }
});

test('on a wide screen the contents stay beside what is read', SLOW, async (t) => {
  const { page, visit } = await view(t, { width: 1280 });
  await visit(built.ofKind('disclosure')[0]);
  const box = () => page.$eval('.contents', (contents) => contents.getBoundingClientRect().toJSON());
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  const { top, bottom, right } = await box();
  assert.ok(top >= 0 && bottom <= 900, `the contents stand from ${top} to ${bottom}`);
  assert.ok(await page.$eval('.part', (part, edge) => part.getBoundingClientRect().left >= edge, right));
  assert.equal(await page.$eval('.contents a', (link) => link.checkVisibility({ visibilityProperty: true })), true);
});

test('a link to a cell brings it into sight, clear of heads and first columns, at every width', SLOW, async (t) => {
  for (const width of [390, 768, 1280]) {
    const { page, visit } = await view(t, { width, height: 700 });
    for (const at of built.ofKind('disclosure')) {
      await visit(at);
      const cells = await page.$$eval('.form td.n[id]', (all) => all.filter((cell) => cell.textContent.trim()).map((cell) => cell.id));
      assert.ok(cells.length > 50);
      for (const id of cells.filter((_, place) => place % Math.ceil(cells.length / 25) === 0)) {
        await page.evaluate((hash) => { location.hash = hash; }, id);
        await page.waitForFunction((one) => document.querySelector(':target')?.id === one, {}, id);
        const seen = await page.evaluate(() => {
          const { left, right, top, bottom } = document.querySelector(':target').getBoundingClientRect();
          const on = document.elementFromPoint(right - 5, (top + bottom) / 2);
          return { clear: on?.closest('td')?.id === document.querySelector(':target').id, box: [left, top] };
        });
        assert.ok(seen.clear, `${width}: ${at}#${id} at ${seen.box} is hidden by something`);
      }
    }
  }
});

test('the dark theme changes the page, the tables and the charts', SLOW, async (t) => {
  const colours = {};
  for (const theme of ['light', 'dark']) {
    const { page, visit } = await view(t, { theme });
    await visit(built.ofKind('disclosure')[0]);
    colours[theme] = await page.evaluate(() => {
      const bright = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
      const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
      const mark = [...document.querySelectorAll('figure svg [class]')].find((one) => getComputedStyle(one).fill.startsWith('rgb') && one.tagName !== 'text');
      return {
        paper: bright(of('html', 'backgroundColor')), ink: bright(of('html', 'color')), cell: bright(of('.form tbody td', 'backgroundColor')),
        letters: bright(of('figure svg text', 'fill')), mark: getComputedStyle(mark).fill,
      };
    });
  }
  const { light, dark } = colours;
  assert.ok(light.paper > 200 && light.cell > 200 && light.ink < 90 && light.letters < 90, JSON.stringify(light));
  assert.ok(dark.paper < 60 && dark.cell < 60 && dark.ink > 180 && dark.letters > 180, JSON.stringify(dark));
  assert.notEqual(light.mark, dark.mark);
});

test('a heading sorts its column, by mouse and by keyboard, and loses no row', SLOW, async (t) => {
  const { page, visit, troubles } = await view(t, {});
  const at = built.pages.find((one) => built.text(one).includes('class="sortable"'));
  assert.ok(at, 'no page has a table that sorts');
  await visit(at);
  const names = () => page.$$eval('table.sortable tbody tr', (rows) => rows.map((row) => row.cells[0].textContent.trim()));
  const before = await names();
  const heads = await page.$$('table.sortable thead th');
  for (const [column, head] of heads.entries()) {
    const button = await head.$('button');
    if (column % 2) await button.press('Enter');
    else await button.click();
    const order = await head.evaluate((one) => one.getAttribute('aria-sort'));
    const shown = await page.$$eval('table.sortable tbody tr', (rows, index) => rows.map((row) => row.cells[index].textContent.trim()), column);
    const known = shown.filter((text) => /^-?[\d.]+$/.test(text)).map(Number);
    if (order === 'descending') {
      assert.deepEqual(known, [...known].sort((a, b) => b - a));
      assert.deepEqual(shown.slice(0, known.length).map(Number), known, 'what is no amount stays last');
    } else assert.equal(order, 'ascending');
    assert.deepEqual((await names()).sort(), [...before].sort());
    assert.equal(await page.$$eval('table.sortable [aria-sort]', (all) => all.length), 1);
  }
  assert.deepEqual(troubles, []);
});
