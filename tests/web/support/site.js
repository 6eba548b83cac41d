//! The built site as files: what is in it, what kind of page each is, and what its pages name.
//!
//! DISCLOSE_SITE names the folder; without it, `public` at the top of the repository.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'parse5';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));
export const folder = path.resolve(process.env.DISCLOSE_SITE ?? path.join(repository, 'public'));

/** Every kind of page by the paths it stands at. A page of no kind, or of two, fails a test. */
export const kinds = {
  home: /^index\.html$/,
  'not-found': /^404\.html$/,
  text: /^(about|reading)\/index\.html$/,
  search: /^search\/index\.html$/,
  'full-text': /^search\/text\/index\.html$/,
  directory: /^directory\/(\d+\/)?index\.html$/,
  data: /^data\/index\.html$/,
  verify: /^verify\/index\.html$/,
  rules: /^rules\/index\.html$/,
  glossary: /^glossary\/index\.html$/,
  term: /^glossary\/[^/]+\/index\.html$/,
  codes: /^codes\/index\.html$/,
  code: /^codes\/(functional|economic)\/\d+\/(\d+\/)?index\.html$/,
  forms: /^forms\/index\.html$/,
  'form-set': /^forms\/[^/]+\/index\.html$/,
  year: /^years\/\d{4}\/((final|budget)\/)?(by-[a-z-]+\/)?(\d+\/)?index\.html$/,
  unit: /^units\/[^/]+\/index\.html$/,
  disclosure: /^units\/[^/]+\/\d{4}(-budget)?\/index\.html$/,
  version: /^units\/[^/]+\/\d{4}(-budget)?\/versions\/\d+\/index\.html$/,
  quality: /^units\/[^/]+\/\d{4}(-budget)?\/quality\/index\.html$/,
};

/** Kinds that not every site has: the page of full texts is asked for, and not every disclosure is amended. */
export const RARE = ['full-text', 'version'];

/** The kinds whose patterns a path matches. */
export const kindsOf = (page) => Object.keys(kinds).filter((kind) => kinds[kind].test(page));

const walk = (below, under) => readdirSync(path.join(below, under), { withFileTypes: true }).flatMap((entry) => {
  const name = under ? `${under}/${entry.name}` : entry.name;
  return entry.isDirectory() ? walk(below, name) : [name];
});

/** A built site: its folder, its files, its HTML pages, and their paths by kind. */
export const site = (at = folder) => {
  const files = walk(at, '').sort();
  const pages = files.filter((file) => file.endsWith('.html') && !isRedirect(path.join(at, file)));
  const redirects = files.filter((file) => file.endsWith('.html') && !pages.includes(file));
  const size = (file) => statSync(path.join(at, file)).size;
  const bytes = (file) => readFileSync(path.join(at, file));
  const text = (file) => bytes(file).toString('utf8');
  const ofKind = (kind) => pages.filter((page) => kinds[kind].test(page));
  return { folder: at, files, pages, redirects, size, bytes, text, ofKind };
};

const isRedirect = (file) => /<meta http-equiv="refresh"/.test(readFileSync(file, 'utf8').slice(0, 1000));

/** Of each kind of page the shortest and the longest: what a kind can hold stands in one of them. */
export const samples = ({ ofKind, size }) => Object.keys(kinds).flatMap((kind) => {
  const bySize = ofKind(kind).sort((a, b) => size(a) - size(b));
  return [...new Set([bySize.at(0), bySize.at(-1)])].filter(Boolean);
});

/** Elements whose attribute names a file, or a place in one. */
const NAMING = {
  href: ['a', 'area', 'link', 'base', 'use', 'image'],
  src: ['script', 'img', 'source', 'iframe', 'audio', 'video'],
  poster: ['video'],
  data: ['object'],
  action: ['form'],
};

/** What a page's HTML holds that checks ask for: its ids, the addresses it names, what stands inline. */
export const read = (html) => {
  const found = { ids: new Set(), doubled: [], links: [], scripts: [], styled: [], handlers: [] };
  const note = (name, given) => {
    if (given.id !== undefined) {
      if (found.ids.has(given.id)) found.doubled.push(given.id);
      found.ids.add(given.id);
    }
    const names = Object.keys(given);
    found.links.push(...names.filter((one) => NAMING[one]?.includes(name)).map((one) => given[one]));
    if (given['http-equiv'] === 'refresh') found.links.push(given.content.replace(/^.*?url=/, ''));
    if (name === 'script' && !('src' in given) && given.type !== 'application/ld+json') found.scripts.push(name);
    if (name === 'style' || 'style' in given) found.styled.push(name);
    found.handlers.push(...names.filter((one) => one.startsWith('on')));
  };
  const visit = (node) => {
    if (node.tagName) note(node.tagName, Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])));
    for (const inner of node.childNodes ?? []) visit(inner);
    if (node.content) visit(node.content);
  };
  visit(parse(html));
  return found;
};
