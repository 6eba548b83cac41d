//! What axe-core says of a page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** What axe finds wrong on the page as it stands, with everything that folds away laid open. */
export const judge = async (page) => {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate((values) => globalThis.axe.run({
    runOnly: { type: 'tag', values },
    preload: false,
    resultTypes: ['violations'],
  }), TAGS);
  assert.ok(passes.length > 10, 'axe did not judge the page');
  return violations.map(({ id, nodes }) => `${id} ${nodes.length}×: ${nodes[0].target.join(' ')} ${nodes[0].html.slice(0, 200)}`);
};
