/** Imports of the SDK run one way, from what a user meets to what it stands on; nobody reaches up or around in circles. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';

const src = join(import.meta.dirname, '../../sdk/src');

/** Folders and files of `sdk/src`, from the ground up. Those on one floor may import each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'option-names', 'assets', 'runtime'],
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

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

/** Of types as well: who needs another's types cannot be read without it. */
const importsOf = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target]) => target);
    return [file, targets.map((target) => posix.join(posix.dirname(file), target))];
  }),
);

test('imports run one way', () => {
  assert.ok(files.length > 50);
  const wrong: string[] = [];
  for (const [file, imports] of importsOf) {
    if (floorOf(file) < 0) wrong.push(`${file} has no floor`);
    for (const imported of imports)
      if (floorOf(imported) > floorOf(file)) wrong.push(`${file} imports ${imported}`);
  }
  assert.deepEqual(wrong, []);
});

test('no import comes back to where it began', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    done.add(file);
    for (const imported of importsOf.get(file) ?? []) walk(imported, [...path, file]);
  };
  for (const file of files) walk(file, []);
  assert.deepEqual(circles, []);
});
