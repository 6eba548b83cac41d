//! What the tests in a browser begin with: the built site, a Chromium, and a server that shows the site. The two
//! are there while the tests of the file that imports them run.

import { after } from 'node:test';
import { launch } from './browser.js';
import { serve } from './server.js';
import { site } from './site.js';

export const built = site();
export const server = await serve();
export const browser = await launch();

server.show(built.folder);
after(() => Promise.all([browser.close(), server.close()]));
