/** A static server for dist/: right types, precompressed files, strict headers. Plain Node; the tests use it too. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Requests go to this page's own files only, the worker's too: a worker goes by the policy that comes with its script. */
export const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/**
 * Serves `root`.
 * @param {{root: string, port?: number, host?: string, headers?: Record<string, string>, onRequest?: (url: string) => void}} options
 *   port 0: any free one; headers: in place of ours
 * @returns {Promise<{url: string, close(): Promise<void>}>}
 */
export async function serve({ root, port = 8080, host = 'localhost', headers = HEADERS, onRequest }) {
  const server = createServer((request, response) => {
    onRequest?.(request.url ?? '/');
    respond(root, headers, request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500, headers);
      response.end(String(error?.message ?? error));
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(root, common, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...common, Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = resolveFile(root, request.url ?? '/');
  const found = file && (await fileStat(file));
  if (!found) {
    response.writeHead(404, { ...common, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  const picked = await pickEncoding(file, found, String(request.headers['accept-encoding'] ?? ''));
  const etag = `"${picked.stat.size.toString(36)}-${Math.round(picked.stat.mtimeMs).toString(36)}"`;
  const headers = {
    ...common,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    // Hashed names never change; everything else asks again.
    'Cache-Control': file.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
    ETag: etag,
    ...(picked.encoding ? { 'Content-Encoding': picked.encoding } : {}),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Length': picked.stat.size });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(picked.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** The file that a URL names, undefined for anything outside of `root`. */
function resolveFile(root, url) {
  let pathname;
  try {
    pathname = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
  if (pathname.includes('\0')) return undefined;
  const file = normalize(join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname));
  return file.startsWith(normalize(root + sep)) ? file : undefined;
}

async function fileStat(path) {
  const result = await stat(path).catch(() => undefined);
  return result?.isFile() ? result : undefined;
}

async function pickEncoding(file, plain, accepted) {
  for (const [encoding, suffix] of ENCODINGS) {
    if (!new RegExp(`\\b${encoding}\\b(?!;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted)) continue;
    const compressed = await fileStat(file + suffix);
    if (compressed && compressed.mtimeMs >= plain.mtimeMs)
      return { path: file + suffix, stat: compressed, encoding };
  }
  return { path: file, stat: plain, encoding: undefined };
}
