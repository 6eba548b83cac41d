//! A static server of a built site below a sub-path, as a strict government portal would serve it.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.json': 'application/json', '.csv': 'text/csv; charset=utf-8', '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8', '.png': 'image/png', '.jpg': 'image/jpeg', '.pdf': 'application/pdf',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Stricter than what the pages ask for themselves. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    + "base-uri 'self'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the folder that `show` was last given below `/czgk/`; anything else is 404.html. */
export const serve = async () => {
  let folder;
  const answer = async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, 'http://site').pathname);
    const name = asked.startsWith('/czgk/') ? asked.slice('/czgk/'.length) : null;
    const file = name === null ? null : path.join(folder, name === '' || name.endsWith('/') ? `${name}index.html` : name);
    const inside = file !== null && file.startsWith(folder + path.sep);
    const body = inside ? await readFile(file).catch(() => null) : null;
    if (body) response.writeHead(200, { ...HEADERS, 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    else response.writeHead(404, { ...HEADERS, 'content-type': TYPES['.html'] });
    response.end(body ?? await readFile(path.join(folder, '404.html')));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections?.();
  });
  const show = (shown) => { folder = shown; };
  return { origin, root: `${origin}/czgk/`, show, close };
};
