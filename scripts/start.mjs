/** `npm start`: from a fresh clone to the page in one command. PORT (default 8080, 0 = any free one) and HOST set where. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build, install, root } from './prepare.mjs';
import { serve } from './serve.mjs';

const port = Number(process.env.PORT ?? 8080);
const host = process.env.HOST ?? 'localhost';
if (!Number.isInteger(port) || port < 0 || port > 65535)
  fail(`PORT=${process.env.PORT} is not a port. Use 0 to 65535.`);

let server;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void (server?.close() ?? Promise.resolve()).then(() => process.exit(0)));
}

// npm hands a signal to its shell, which does not pass it on: end when that shell has gone.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

try {
  // Before a minute goes into building, and into the folder that another one serves.
  await checkFree();
  await install();
  await build();
  server = await serve({ root: join(root, 'dist'), port, host });
  console.log(`The page is at ${server.url} (Ctrl+C ends it)`);
} catch (error) {
  fail(error.code === 'EADDRINUSE' ? `Port ${port} is taken. Try: PORT=0 npm start` : error.message);
}

/** @throws Error EADDRINUSE */
async function checkFree() {
  const probe = createServer();
  await once(probe.listen(port, host), 'listening');
  await once(probe.close(), 'close');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
