//! Walks through the site without any script: everything is reached, and everything stands there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { open } from './support/browser.js';
import { read, samples } from './support/site.js';
import { browser, built, server } from './support/stage.js';
import { MOVED, build } from './support/variant.js';

const SLOW = { timeout: 300_000 };
let variant;
before(() => { variant = build(server.root); });
after(() => variant?.remove());

/** The pages that a page links to, as paths of the site with their fragments. */
const linked = (page) => page.$$eval('a[href]', (links) => links.map((link) => link.href));

test('without script every page but the one for wrong addresses is reached from the home page', SLOW, async () => {
  const { page, visit, troubles, close } = await open(browser, { root: server.root, script: false });
  const depth = new Map([['index.html', 0]]);
  for (const [at, clicks] of depth) {
    await visit(at);
    for (const href of await linked(page)) {
      const [address] = href.split('#');
      const next = decodeURI(address).replace(decodeURI(server.root), '');
      if (next.endsWith('.html') && !next.includes('://') && !depth.has(next)) depth.set(next, clicks + 1);
    }
  }
  const never = built.pages.filter((at) => at !== '404.html' && !depth.has(at));
  assert.deepEqual(never, []);
  assert.deepEqual(troubles, []);
  assert.ok(Math.max(...depth.values()) <= 4, `some page is ${Math.max(...depth.values())} clicks away`);
  await close();
});

test('without script every kind of page shows all the text that it shows with script', SLOW, async () => {
  const text = () => {
    const main = document.querySelector('main').cloneNode(true);
    main.querySelectorAll('.tools button').forEach((button) => button.remove());
    return main.textContent.replace(/\s+/g, '');
  };
  const [plain, full] = await Promise.all([false, true].map((script) => open(browser, { root: server.root, script })));
  for (const at of samples(built).filter((one) => !one.startsWith('search/'))) {
    await Promise.all([plain.visit(at), full.visit(at)]);
    const [without, withScript] = [await plain.page.evaluate(text), await full.page.evaluate(text)];
    const box = '查找';
    assert.equal(without.replace(box, ''), withScript.replace(box, ''), at);
  }
  assert.deepEqual([...plain.troubles, ...full.troubles], []);
  await Promise.all([plain.close(), full.close()]);
});

test('without script the search page leads to lists of all units, years, codes and terms', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root, script: false });
  await visit('search/index.html');
  const links = (await page.$$eval('main a[href]', (all) => all.map((link) => link.href))).join('\n');
  for (const list of ['directory/', 'codes/', 'glossary/']) assert.match(links, new RegExp(`/czgk/${list}index\\.html`));
  await close();
});

test('two clicks lead from the home page to the reception costs of a unit', SLOW, async () => {
  const { page, visit, troubles, close } = await open(browser, { root: server.root, script: false });
  const reception = () => page.$$eval('a[href]', (links) => links.find((link) => {
    const place = document.getElementById(link.hash.slice(1))?.closest('tr, td');
    return link.pathname === location.pathname && place && /公务接待费/.test(link.closest('tr, li, p, dt, dd, div')?.textContent);
  })?.href);
  await visit('index.html');
  const disclosures = [...new Set((await linked(page)).map((href) => href.split('#')[0]))].filter((href) => /\/units\/[^/]+\/\d{4}/.test(href));
  assert.ok(disclosures.length > 0, 'one click leads to a disclosure');
  for (const first of disclosures) {
    await page.goto(first);
    const second = await reception();
    assert.ok(second, `${first} has no link to its reception costs`);
    await page.goto(second);
    const place = await page.$eval(':target', (element) => ({ tag: element.tagName, figure: element.textContent.trim(), top: element.getBoundingClientRect().top, height: innerHeight }));
    assert.match(place.tag, /^T[RD]$/);
    assert.ok(place.top >= 0 && place.top < place.height, `${second} is out of sight`);
  }
  assert.deepEqual(troubles, []);
  await close();
});

test('each download of a disclosure and of the site gives the file as it was built', SLOW, async () => {
  const offered = [...built.ofKind('disclosure'), 'data/index.html'].flatMap((page) => {
    const named = read(built.text(page)).links.map((href) => new URL(href, `http://site/${page}`).pathname.slice(1));
    return named.filter((name) => /\.(csv|xlsx|json|txt|pdf)$/.test(name));
  });
  assert.ok(offered.length > 20);
  for (const name of new Set(offered)) {
    const answer = await fetch(server.root + name);
    assert.equal(answer.status, 200, name);
    const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(hash(Buffer.from(await answer.arrayBuffer())), hash(built.bytes(name)), name);
  }
});

test('a click on a download saves the file and leaves the page where it is', SLOW, async () => {
  const { page, visit, close } = await open(browser, { root: server.root });
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true, browserContextId: page.browserContext().id });
  const begun = new Promise((resolve) => { session.on('Browser.downloadWillBegin', resolve); });
  const [at] = built.ofKind('disclosure');
  await visit(at);
  await page.$eval('#downloads a[download]', (link) => link.click());
  const { url, suggestedFilename } = await begun;
  assert.ok(url.startsWith(server.root) && url.endsWith(suggestedFilename));
  assert.equal(page.url(), server.root + at);
  await close();
});

test('a wrong address at any depth shows the page that says so, with its style and links that work', SLOW, async () => {
  server.show(variant.folder);
  const { page, visit, troubles, close } = await open(browser, { root: server.root });
  for (const wrong of ['nothing', 'units/nobody/2023/index.html', 'a/b/c/d/']) {
    const answer = await visit(wrong);
    assert.equal(answer.status(), 404);
    assert.ok(await page.$('.site-head'));
    const links = await linked(page);
    const given = await Promise.all([...new Set(links.map((href) => href.split('#')[0]))].map((href) => fetch(href)));
    const here = server.root + wrong;
    assert.deepEqual(given.filter(({ status, url }) => status !== 200 && url !== here).map(({ url }) => url), []);
    assert.equal(await page.$eval('.skip', (link) => link.href), `${here}#main`, 'the skip link stays on the page');
    assert.notEqual(await page.$eval('.site-head', (head) => getComputedStyle(head).borderBottomStyle), 'none', 'no style');
  }
  assert.deepEqual(troubles.filter((one) => !/404/.test(one)), []);
  await close();
  server.show(built.folder);
});

test('an address that has moved leads on to where its page is now, with and without script', SLOW, async () => {
  server.show(variant.folder);
  for (const script of [true, false]) {
    const { page, troubles, close } = await open(browser, { root: server.root, script });
    for (const below of ['', '2023/']) {
      const [from, to] = [MOVED.from, MOVED.to].map((unit) => `${server.root}${unit}${below}index.html`);
      const there = page.waitForRequest((request) => request.isNavigationRequest() && request.url() === to);
      await page.goto(from, { waitUntil: 'domcontentloaded' });
      await there;
      await page.waitForFunction((url) => location.href === url, {}, to).catch(() => assert.equal(page.url(), to));
    }
    assert.deepEqual(troubles, []);
    await close();
  }
  server.show(built.folder);
});
