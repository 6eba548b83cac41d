//! The repository's content built once more as a portal would set it up: with an address, and with a unit
//! that has moved, so that sitemap, feed, redirects and the page for wrong addresses can be tried.
//!
//! DISCLOSE names the program; without it, the release build.

import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from './site.js';

const TARGET = path.resolve(repository, process.env.CARGO_TARGET_DIR ?? 'target');
const PROGRAM = process.env.DISCLOSE ?? path.join(TARGET, 'release/disclose');

/** A unit's folder that was published before, and the one that its redirect leads to. */
export const MOVED = { from: 'units/old-name/', to: 'units/caidian-ggzy/' };

/** Builds the site for this address; `remove` takes it away again. */
export const build = (address) => {
  const below = mkdtempSync(path.join(os.tmpdir(), 'disclose-'));
  for (const part of ['site.toml', 'urls.lock', 'content', 'themes']) {
    cpSync(path.join(repository, part), path.join(below, part), { recursive: true });
  }
  appendFileSync(path.join(below, 'site.toml'), `\nbase_url = "${address}"\n[[redirects]]\nfrom = "${MOVED.from}"\nto = "${MOVED.to}"\n`);
  appendFileSync(path.join(below, 'urls.lock'), `${MOVED.from}index.html\n${MOVED.from}2023/index.html\n`);
  execFileSync(PROGRAM, ['build', '--quiet', '--root', below], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { folder: path.join(below, 'public'), remove: () => rmSync(below, { recursive: true, force: true }) };
};
