import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url);

/** What the command says when it refuses. */
async function refusal(command: string, ...args: string[]): Promise<string> {
  const file = `training/src/cli/${command}.ts`;
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root });
  const error = await run.then(
    () => assert.fail('it should have refused'),
    (error: { stderr: string }) => error,
  );
  return error.stderr;
}

test('export refuses what makes no sense, and says what would', async () => {
  const said = await Promise.all([
    refusal('export', '--run', 'x', '--data', 'y', '--budget', 'small'),
    refusal('export', '--run', 'x', '--data', 'y', '--loss', '0.1', '--budget', '4MB'),
    refusal('export', '--run', 'x', '--loss', '0.1'),
    refusal('export', '--run', 'x', '--data', 'y', '--loss', '0.1', '--split', 'test'),
    refusal('export', '--model', 'public/models/resnet18'),
  ]);
  assert.match(said[0], /size such as 4\.2MB, not "small"/);
  assert.match(said[1], /either --budget or --loss/);
  assert.match(said[2], /give --data DIR/);
  assert.match(said[3], /nothing is chosen on the test split/);
  assert.match(said[4], /needs an --out DIR/);
});

test('evaluate names the slices, plot the command that measures', async () => {
  assert.match(
    await refusal('evaluate', '--data', 'x', '--split', 'val', '--slice', 'bad'),
    /Should be one of: all, hard, easy/,
  );
  assert.match(await refusal('plot', 'nowhere'), /npm run export/);
});
