//! The repository's content built once more as a portal would set it up: with an address, with a unit that has
//! moved, and with a disclosure that was amended after it was published, so that sitemap, feed, redirects, the
//! page for wrong addresses and the pages of amendments can be tried.
//!
//! DISCLOSE names the program; without it, the release build.

import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from './site.js';

const TARGET = path.resolve(repository, process.env.CARGO_TARGET_DIR ?? 'target');
export const PROGRAM = process.env.DISCLOSE ?? path.join(TARGET, 'release/disclose');

/** A unit's folder that was published before, and the one that its redirect leads to. */
export const MOVED = { from: 'units/old-name/', to: 'units/caidian-ggzy/' };

/** The disclosure that is amended: its page, and that of its first version. */
export const AMENDED = {
  present: 'units/caidian-ggzy/2023/index.html',
  earlier: 'units/caidian-ggzy/2023/versions/1/index.html',
};
const SOURCES = 'content/units/caidian-ggzy/2023';

/** Writes the budget of receptions, and the total with it. */
const setReceptions = (below, total, receptions) => {
  const table = path.join(below, SOURCES, 'tables/09.toml');
  const given = readFileSync(table, 'utf8');
  writeFileSync(table, given.replace(/^1 .*$/m, `1 = ${total}`).replace(/^6 .*$/m, `6 = ${receptions}`));
};

/** Builds the site for this address; `remove` takes it away again. */
export const build = (address) => {
  const below = mkdtempSync(path.join(os.tmpdir(), 'disclose-'));
  for (const part of ['site.toml', 'urls.lock', 'content', 'themes']) {
    cpSync(path.join(repository, part), path.join(below, part), { recursive: true });
  }
  appendFileSync(path.join(below, 'site.toml'), `\nbase_url = "${address}"\n[[redirects]]\nfrom = "${MOVED.from}"\nto = "${MOVED.to}"\n`);
  appendFileSync(path.join(below, 'urls.lock'), `${MOVED.from}index.html\n${MOVED.from}2023/index.html\n`);
  const run = (...command) => execFileSync(PROGRAM, [...command, '--root', below], { stdio: ['ignore', 'ignore', 'inherit'] });
  // The figures that the text pins would find a mistake at once.
  rmSync(path.join(below, SOURCES, 'stated.toml'));
  setReceptions(below, '3.92', '0.32');
  run('build', '--quiet');
  run('amend', 'caidian-ggzy', '2023', '--date', '2024-12-20', '--reason', '公务接待费预算误填，合计随之有误。');
  setReceptions(below, '3.72', '0.12');
  run('build', '--quiet');
  return { folder: path.join(below, 'public'), remove: () => rmSync(below, { recursive: true, force: true }) };
};
