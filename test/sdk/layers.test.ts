/** Imports of the SDK run one way, from what a user meets to what it stands on; nobody reaches up or around in circles. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';

const src = join(import.meta.dirname, '../../sdk/src');

/** Folders and files of `sdk/src`, from the ground up. Those on one floor may import each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'assets', 'runtime'],
  ['crop', 'detector', 'face', 'input', 'landmarks', 'smoothing'],
  ['tracking'],
  ['tracker', 'drawing', 'recording'],
  ['worker/', 'node'],
  ['element'],
  ['index', 'define', 'react', 'worker'],
  // A user of the package like any other.
  ['cli'],
];

const roomOf = (path: string): string => {
  const [first, ...rest] = path.split('/');
  const name = first.replace(/\.ts$/, '');
  return name === 'worker' && rest.length > 0 ? 'worker/' : name;
};
const floorOf = (path: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

test('imports run one way', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 50);
  const wrong: string[] = [];
  for (const file of files) {
    if (floorOf(file) < 0) wrong.push(`${file} has no floor`);
    const text = readFileSync(join(src, file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const imported = posix.join(posix.dirname(file), target);
      if (floorOf(imported) > floorOf(file)) wrong.push(`${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});
