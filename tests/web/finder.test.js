//! The finder: two characters typed lead to the row itself, from a server, below a sub-path and from disk.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { open } from './support/browser.js';
import { browser, built, server } from './support/stage.js';

const SLOW = { timeout: 120_000 };

const ways = {
  'from a server, below a sub-path': () => server.root,
  'from disk': () => `${pathToFileURL(built.folder)}/`,
};

/** Waits until the finder has told what it found for the query as typed, and gives its links. */
const found = async (page, query) => {
  await page.waitForFunction((typed) => {
    const told = document.querySelector('#finder [role=status]');
    return document.querySelector('#q')?.value === typed && told?.textContent && document.querySelector('#finder li > a:first-child');
  }, {}, query);
  return page.$$eval('#finder section li > a:first-child', (links) => links.map((link) => link.href));
};

/** Types into the search page, from nothing. */
const type = async (page, query) => {
  await page.waitForSelector('#q');
  await page.$eval('#q', (input) => { input.value = ''; });
  await page.type('#q', query);
};

/** Whether the place that the address names is a row or a cell, marked, and within the window. */
const arrived = (page) => page.waitForFunction(() => {
  const place = document.querySelector('tr:target, td:target');
  if (!place) return false;
  const { top, bottom } = place.getBoundingClientRect();
  const plain = document.querySelector('tbody tr:not(:target):not(.sum) td');
  const cell = place.matches('td') ? place : place.querySelector('td');
  const marked = getComputedStyle(cell).backgroundColor !== getComputedStyle(plain).backgroundColor;
  return marked && top >= 0 && bottom <= innerHeight && { id: place.id, text: place.closest('tr').textContent };
}).then((handle) => handle.jsonValue());

for (const [way, rootOf] of Object.entries(ways)) {
  describe(`the finder ${way}`, () => {
    const QUERIES = [['two characters', '公务', /公务/], ['a code', '2010350', /^2010350/], ['a unit and a row', '蔡甸 公务接待费', /公务接待费/]];
    for (const [what, query, row] of QUERIES) {
      test(`leads by ${what} to the row itself`, SLOW, async () => {
        const { page, visit, troubles, close } = await open(browser, { root: rootOf() });
        await visit('search/index.html');
        await type(page, query);
        const links = await found(page, query);
        const to = links.find((link) => /\/units\/[^/]+\/\d{4}(-budget)?\/index\.html#t/.test(link));
        assert.ok(to, `no row among ${links.join(' ')}`);
        await Promise.all([page.waitForNavigation(), page.evaluate((href) => [...document.querySelectorAll('#finder li > a')].find((link) => link.href === href).click(), to)]);
        assert.equal(page.url(), to);
        const place = await arrived(page);
        assert.match(place.text.trim(), row);
        assert.deepEqual(troubles, []);
        await close();
      });
    }

    test('finds a unit by the first letters of its pinyin', SLOW, async () => {
      const { page, visit, troubles, close } = await open(browser, { root: rootOf() });
      await visit('search/index.html');
      await type(page, 'cdqggzy');
      const links = await found(page, 'cdqggzy');
      assert.match(links[0], /\/units\/caidian-ggzy\/index\.html$/);
      assert.deepEqual(troubles, []);
      await close();
    });

    test('is asked from the box in the head of any page, with the keyboard alone, down to the row', SLOW, async () => {
      const { page, visit, troubles, close } = await open(browser, { root: rootOf() });
      await visit('glossary/index.html');
      await page.waitForSelector('.site-head form input');
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement.matches('.site-head form input'))) break;
      }
      await page.keyboard.type('公务接待费');
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      const links = await found(page, '公务接待费');
      await page.waitForFunction(() => document.activeElement.id === 'q');
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((href) => document.activeElement.href === href, links[0])) break;
      }
      assert.equal(await page.evaluate(() => document.activeElement.href), links[0]);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      assert.match((await arrived(page)).text, /公务接待费/);
      assert.deepEqual(troubles, []);
      await close();
    });
  });
}

for (const query of ['cdggzy', '蔡甸公共资源', '蔡甸交易中心']) {
  test(`finds a unit by ${query}, which leaves out parts of its name`, SLOW, async () => {
    const { page, visit, troubles, close } = await open(browser, { root: server.root });
    await visit('search/index.html');
    await type(page, query);
    assert.match((await found(page, query))[0], /\/units\/caidian-ggzy\/index\.html$/);
    assert.deepEqual(troubles, []);
    await close();
  });
}

for (const [word, printed] of [['公车', /公务用车/], ['购车', /公务用车购置/], ['招待费', /公务接待费/]]) {
  test(`finds rows by the everyday word ${word}`, SLOW, async () => {
    const { page, visit, close } = await open(browser, { root: server.root });
    await visit('search/index.html');
    await type(page, word);
    await found(page, word);
    const rows = await page.$$eval('#finder section[aria-label="表和行"] li > a:first-child', (links) => links.map((link) => link.textContent));
    assert.ok(rows.length > 0 && rows.every((row) => printed.test(row)), rows.join(' '));
    await close();
  });
}

test('words of a name in another order, and an everyday word with more, find nothing', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  for (const query of ['中心交易蔡甸', 'zggdc', '公车站']) {
    await visit(`search/index.html?q=${encodeURIComponent(query)}`);
    await page.waitForFunction(() => /没有找到/.test(document.querySelector('[role=status]')?.textContent));
  }
  await close();
});

test('the filter of kinds offers those that the site has', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  await visit(`search/index.html?q=${encodeURIComponent('公务接待费')}`);
  await found(page, '公务接待费');
  const has = (pattern) => built.ofKind('disclosure').some((at) => pattern.test(at));
  const expected = ['全部', has(/\/\d{4}\/index/) && '决算', has(/-budget\/index/) && '预算'].filter(Boolean);
  assert.deepEqual(await page.$$eval('#kind option', (options) => options.map((option) => option.text)), expected);
  await close();
});

test('what is not there is said, and not searched for elsewhere', SLOW, async () => {
  const { page, visit, troubles, close } = await open(browser, { root: server.root });
  await visit('search/index.html');
  await type(page, '不存在的单位名');
  await page.waitForFunction(() => /没有找到/.test(document.querySelector('[role=status]').textContent));
  assert.equal((await page.$$('#finder section li')).length, 0);
  assert.deepEqual(troubles, []);
  await close();
});

test('the filter of years keeps what is found to that year', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  const [year] = built.ofKind('disclosure')[0].match(/\d{4}/);
  await visit(`search/index.html?q=${encodeURIComponent('公务接待费')}&year=${year}`);
  const links = await found(page, '公务接待费');
  const disclosures = links.filter((link) => link.includes('/units/'));
  assert.ok(disclosures.length > 0 && disclosures.every((link) => link.includes(`/${year}`)));
  assert.equal(await page.$eval('#year', (select) => select.value), year);
  await close();
});
