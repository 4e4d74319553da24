import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { runNpm } from '../../../training/native/steps.mjs';

const folder = await mkdtemp(join(tmpdir(), 'npm-'));
const { PATH, npm_execpath } = process.env;
beforeEach(() => void (process.env.PATH = PATH));
after(async () => {
  Object.assign(process.env, { PATH });
  if (npm_execpath === undefined) delete process.env.npm_execpath;
  else process.env.npm_execpath = npm_execpath;
  await rm(folder, { recursive: true });
});

test('npm is run as Node runs it, without one of that name that can be started', async () => {
  const cli = join(folder, 'npm-cli.js');
  await writeFile(cli, 'console.log("its own code", ...process.argv.slice(2))');
  Object.assign(process.env, { npm_execpath: cli, PATH: '' });
  assert.equal(await runNpm(['run', 'install'], { cwd: folder }), 'its own code run install\n');
});

test(
  'npm is found by name where another package manager began',
  { skip: process.platform === 'win32' },
  async () => {
    await writeFile(join(folder, 'npm'), '#!/bin/sh\necho by name "$@"');
    await chmod(join(folder, 'npm'), 0o755);
    Object.assign(process.env, { npm_execpath: '/usr/lib/yarn.js', PATH: `${folder}${delimiter}${PATH}` });
    assert.equal(await runNpm(['install']), 'by name install\n');
  },
);
