//! A headless Chromium, and pages that keep account of whatever goes wrong in them.
//!
//! CHROMIUM names the program; without it, the first of the usual names on the PATH.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const onPath = (name) => process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, name)).find((file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch { return false; }
});

const program = () => {
  const found = process.env.CHROMIUM || NAMES.map(onPath).find(Boolean);
  if (!found) throw new Error(`no Chromium: install one of ${NAMES.join(', ')}, or let CHROMIUM name the program`);
  return found;
};

/** No name but the machine's own is ever looked up, and nothing is fetched behind a page's back. */
export const launch = () => puppeteer.launch({
  executablePath: program(),
  headless: true,
  timeout: 60_000,
  protocolTimeout: 120_000,
  args: [
    '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--no-first-run',
    '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1', '--lang=zh-CN',
    '--force-color-profile=srgb', '--hide-scrollbars',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});

/**
 * A page of its own profile. `troubles` gathers errors in the console, breaches of the content security
 * policy, failed requests, and requests to anywhere but where the site is.
 */
export const open = async (browser, { root, width = 1280, height = 900, theme = 'light', script = true, touch = false }) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.setViewport({ width, height, hasTouch: touch });
  await page.setJavaScriptEnabled(script);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
  const troubles = [];
  const told = (text) => troubles.push(`${page.url().replace(root, '')}: ${text}`);
  page.on('console', (message) => /^(error|warn|warning)$/.test(message.type()) && told(`console: ${message.text()}`));
  page.on('pageerror', (error) => told(`error: ${error}`));
  page.on('requestfailed', (request) => request.failure().errorText !== 'net::ERR_ABORTED' && told(`not loaded: ${request.url()}`));
  page.on('request', (request) => request.url().startsWith(root) || told(`asks elsewhere: ${request.url()}`));
  page.on('response', (response) => response.status() >= 400 && told(`${response.status()}: ${response.url()}`));
  if (script) {
    await page.evaluateOnNewDocument(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, lineNumber }) => {
        console.error(`content security policy: ${violatedDirective} ${blockedURI} line ${lineNumber}`);
      });
    });
  }
  const visit = (at) => page.goto(root + at, { waitUntil: 'load' });
  return { page, visit, troubles, close: () => context.close() };
};

/** Does a job for every item, several at once, each worker with what `start` makes for it. */
export const share = async (items, workers, start, job) => {
  const waiting = [...items];
  await Promise.all(Array.from({ length: workers }, async () => {
    const own = await start();
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await job(own, item);
    } finally {
      await own.close();
    }
  }));
};
