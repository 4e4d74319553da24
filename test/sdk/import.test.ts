import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('importing the package in plain Node says nothing and loads no tfjs', () => {
  const index = new URL('../../sdk/src/index.ts', import.meta.url).href;
  const define = new URL('../../sdk/src/define.ts', import.meta.url).href;
  const element = new URL('../../sdk/src/element/index.ts', import.meta.url).href;
  const script = `await import('${index}'); await import('${element}'); await import('${define}');
    if (globalThis._tfengine || globalThis._tfGlobals) throw new Error('tfjs was loaded');`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      encoding: 'utf8',
    },
  );
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});
