//! The built site as files: every page is of a known kind, small enough, without anything inline that a
//! strict policy refuses, and whatever it or a data file names is there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folder, kinds, kindsOf, RARE, read, site } from './support/site.js';
import { AMENDED, build } from './support/variant.js';

/** Bytes. The quality page holds every relation that was judged, and nobody's way leads through it. */
const LIMITS = { quality: 300_000 };
const LIMIT = 250_000;

const built = site(folder);
const held = new Map(built.pages.concat(built.redirects).map((page) => [page, read(built.text(page))]));

test('every page is of exactly one kind, and every kind has a page', () => {
  const unclear = built.pages.filter((page) => kindsOf(page).length !== 1);
  assert.deepEqual(unclear, [], 'tell tests/web/support/site.js what kind of page stands there');
  const without = Object.keys(kinds).filter((kind) => !RARE.includes(kind) && built.ofKind(kind).length === 0);
  assert.deepEqual(without, [], 'no page of these kinds was built, so nothing below judged them');
});

test('every link, every source and every fragment leads to a file and a place that are there', () => {
  const files = new Set(built.files);
  const dead = [];
  let followed = 0;
  for (const [page, { links }] of held) {
    for (const href of links) {
      const { origin, pathname, hash, protocol } = new URL(href, `http://site/${encodeURI(page)}`);
      if (origin !== 'http://site') {
        assert.match(protocol, /^(https?|mailto|tel):$/, `${page}: ${href}`);
        continue;
      }
      followed += 1;
      const named = decodeURIComponent(pathname.slice(1));
      const file = named === '' || named.endsWith('/') ? `${named}index.html` : named;
      const id = decodeURIComponent(hash.slice(1));
      if (!files.has(file) || (id && !held.get(file)?.ids.has(id))) dead.push(`${page}: ${href}`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(followed > 10 * built.pages.length, `${followed} links were followed: too few to be all of them`);
});

test('no id stands twice on a page', () => {
  const doubled = [...held].flatMap(([page, { doubled }]) => doubled.map((id) => `${page}#${id}`));
  assert.deepEqual(doubled, []);
});

test('no page holds a script, a style or a handler inline', () => {
  const inline = [...held].filter(([, { scripts, styled, handlers }]) => scripts.length + styled.length + handlers.length);
  assert.deepEqual(inline.map(([page]) => page), []);
});

test('no page is longer than the limit of its kind', () => {
  const long = built.pages.filter((page) => built.size(page) > (LIMITS[kindsOf(page)[0]] ?? LIMIT));
  assert.deepEqual(long.map((page) => `${page}: ${built.size(page)}`), []);
});

test('every file that a data package lists is there and as long as it says', () => {
  const packages = built.files.filter((file) => file.split('/').at(-1) === 'datapackage.json');
  assert.ok(packages.length > built.ofKind('disclosure').length);
  for (const file of packages) {
    const { resources } = JSON.parse(built.text(file));
    assert.ok(resources.length > 0, file);
    for (const { path, bytes } of resources) {
      const listed = file.replace('datapackage.json', path);
      assert.ok(built.files.includes(listed), `${file}: ${listed} is not there`);
      assert.equal(bytes, built.size(listed), listed);
    }
  }
});

test('every file that a list of hashes names is there and has that hash', () => {
  const lists = built.files.filter((file) => /(^|\/)(MANIFEST|sha256sums\.txt)$/.test(file));
  assert.ok(lists.length > built.ofKind('disclosure').length);
  for (const list of lists) {
    const below = list.replace(/[^/]*$/, '');
    for (const line of built.text(list).trim().split('\n').filter((one) => !one.startsWith('#'))) {
      const [, hash, name] = line.match(/^([0-9a-f]{64}) {2}(.+)$/) ?? assert.fail(`${list}: ${line}`);
      assert.equal(createHash('sha256').update(built.bytes(below + name)).digest('hex'), hash, below + name);
    }
  }
});

test('with an address, every absolute address that the site gives of itself leads to a file of it', (t) => {
  const address = 'https://www.example.gov.cn/czgk/';
  const { folder: at, remove } = build(address);
  t.after(remove);
  const addressed = site(at);
  const files = new Set(addressed.files);
  const given = new Map();
  for (const file of addressed.files.filter((name) => /\.(html|xml|txt|json)$/.test(name))) {
    for (const [url] of addressed.text(file).matchAll(/https:\/\/www\.example\.gov\.cn\/[^\s"<>，。；）]*/g)) given.set(url, file);
  }
  assert.ok(given.size > addressed.pages.length, 'the sitemap alone gives more');
  const dead = [...given].filter(([url]) => {
    if (!url.startsWith(address)) return true;
    const { pathname } = new URL(url);
    const name = decodeURIComponent(pathname.slice('/czgk/'.length));
    return !files.has(name === '' || name.endsWith('/') ? `${name}index.html` : name);
  });
  assert.deepEqual(dead, []);
  const listed = [...addressed.text('sitemap.xml').matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => url);
  const unlisted = ['404.html', ...addressed.ofKind('version')];
  assert.ok(unlisted.includes(AMENDED.earlier), 'no page of an earlier version was built');
  const expected = addressed.pages.filter((page) => !unlisted.includes(page)).map((page) => address + page.replace(/index\.html$/, ''));
  assert.deepEqual(listed.sort(), expected.sort());
  assert.match(addressed.text('feed.xml'), /<entry>/);
  for (const page of Object.values(AMENDED)) {
    const { doubled, scripts, styled, handlers } = read(addressed.text(page));
    assert.deepEqual([doubled, scripts, styled, handlers], [[], [], [], []], page);
    assert.ok(addressed.size(page) <= LIMIT, page);
  }
  const here = fileURLToPath(new URL('.', import.meta.url));
  const amended = Object.values(AMENDED).map((page) => join(at, page));
  execFileSync(join(here, 'node_modules/.bin/html-validate'), ['--config', join(here, '.htmlvalidate.json'), ...amended]);
  const unclear = addressed.pages.filter((page) => kindsOf(page).length !== 1);
  assert.deepEqual(unclear, []);
});
