/** `npm start` and the headers that keep everything on the device. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/prepare.mjs';
import { serve } from '../../scripts/serve.mjs';

describe('the page’s server', () => {
  it('sends headers that keep everything on the device', async () => {
    const server = await serve({ root: join(root, 'dist'), port: 0 });
    try {
      const { headers } = await fetch(server.url);
      const policy = headers.get('content-security-policy');
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /connect-src 'self'/);
      assert.doesNotMatch(policy, /'unsafe-/);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-embedder-policy'), 'require-corp');
    } finally {
      await server.close();
    }
  });

  it('says that a port is taken before it builds anything', async () => {
    const server = await serve({ root: join(root, 'dist'), port: 0 });
    const { port } = new URL(server.url);
    const child = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      env: { ...process.env, PORT: port },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    await server.close();
    assert.equal(code, 1);
    assert.equal(said.trim(), `Port ${port} is taken. Try: PORT=0 npm start`);
  });

  it('starts on a free port by npm start, and ends when told', async () => {
    const child = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      env: { ...process.env, PORT: '0' },
    });
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    let said = '';
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(said)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          said += text;
          const found = said.match(/http:\/\/\S+/);
          if (found) resolve(found[0]);
        });
      }
    });
    const response = await fetch(url, { headers: { 'accept-encoding': 'br' } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-encoding'), 'br');
    assert.match(await response.text(), /<face-keypoints/);
    // Encoded, as clients take plain dots away themselves.
    assert.equal((await fetch(`${url}..%2fpackage.json`)).status, 404);
    assert.equal((await fetch(`${url}assets%2f..%2f..%2fpackage.json`)).status, 404);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  });
});
