import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseArguments } from '../../sdk/src/cli/arguments.ts';
import { findPictures } from '../../sdk/src/cli/inputs.ts';
import { progressText } from '../../sdk/src/cli/progress.ts';
import { inShard, shardName } from '../../sdk/src/cli/shard.ts';
import { cli, temporaryFolder } from './cli-support.ts';

test('options and their defaults', () => {
  assert.deepEqual(parseArguments(['annotate', 'a.jpg', 'b', '--out', 'o']), {
    name: 'annotate',
    inputs: ['a.jpg', 'b'],
    filesFrom: undefined,
    out: 'o',
    format: 'jsonl',
    shard: { index: 1, count: 1 },
    flat: false,
    maxFaces: 1,
    model: undefined,
    detector: undefined,
    backend: 'wasm',
    strict: false,
    restart: false,
    quiet: false,
  });
  const args =
    'annotate --files-from - --out o --format pts --shard 3/8 --max-faces 5 --backend auto --strict';
  const command = parseArguments(args.split(' '));
  assert.ok(command.name === 'annotate');
  assert.deepEqual(command.shard, { index: 3, count: 8 });
  assert.deepEqual([command.format, command.maxFaces, command.filesFrom], ['pts', 5, '-']);
});

test('a model is a name, a file, its folder or a URL', (t) => {
  const folder = temporaryFolder(t);
  const modelOf = (text: string) => {
    const command = parseArguments(['annotate', 'a', '--out', 'o', '--model', text]);
    return command.name === 'annotate' ? command.model?.toString() : undefined;
  };
  for (const name of ['resnet18', 'lite']) assert.equal(modelOf(name), name);
  assert.match(modelOf('./lite')!, /^file:.*\/lite$/);
  assert.match(modelOf('public')!, /^file:.*\/public\/model\.json$/, 'a folder without a slash in its name');
  const expected = pathToFileURL(join(folder, 'model.json')).href;
  assert.equal(modelOf(folder), expected);
  assert.equal(modelOf(join(folder, 'model.json')), expected);
  assert.equal(modelOf('https://a.example/m/model.json'), 'https://a.example/m/model.json');
});

test('wrong use says what is right, and exits with 2', async () => {
  const valid = ['annotate', 'a.jpg', '--out', 'o'];
  for (const [args, message] of [
    [[], /Which command\?/],
    [['anotate'], /Unknown command "anotate"/],
    [['annotate', '--out', 'o'], /Which pictures\?/],
    [['annotate', 'a.jpg'], /--out DIR/],
    [[...valid, '--format', 'xml'], /"xml".*jsonl, csv, pts/],
    [[...valid, '--shard', '0/4'], /I from 1 to N/],
    [[...valid, '--shard', '5/4'], /"5\/4"/],
    [[...valid, '--shard', '1'], /such as 2\/8/],
    [[...valid, '--max-faces', '0'], /whole number from 1/],
    [[...valid, '--max-faces', '1e3'], /whole number from 1/],
    [[...valid, '--backend', 'cuda'], /"cuda".*wasm/],
    [[...valid, '--model', 'lit'], /"lit".*resnet18, lite/],
    [[...valid, '--smoothing'], /--smoothing/],
  ] as const) {
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.match(stderr, /^face-keypoints: [^\n]*--help\.\n$/);
  }
});

const OPTIONS = [
  ...['out', 'format', 'shard', 'files-from', 'flat', 'max-faces', 'model', 'detector', 'backend'],
  ...['strict', 'restart', 'quiet'],
];

test('--help and --version go to stdout', async () => {
  const help = await cli(['annotate', '--help']);
  assert.equal(help.code, 0);
  for (const option of OPTIONS) assert.ok(help.stdout.includes(`--${option} `), option);
  assert.ok(help.stdout.split('\n').every((line) => line.length <= 130));
  const version = await cli(['--version']);
  assert.deepEqual([version.code, version.stderr], [0, '']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('each picture is in one shard, whatever other pictures there are', () => {
  const files = Array.from({ length: 4000 }, (_, i) => `set/${i}.jpg`);
  const count = 8;
  const sizes = Array.from(
    { length: count },
    (_, i) => files.filter((f) => inShard(f, { index: i + 1, count })).length,
  );
  assert.equal(
    sizes.reduce((a, b) => a + b),
    files.length,
  );
  for (const size of sizes) assert.ok(size > 400 && size < 600, `uneven shards: ${sizes.join(' ')}`);
  // Results already on disks depend on this assignment.
  assert.deepEqual(
    ['a.jpg', 'b.jpg', 'c.jpg', 'ä/1.png'].map((file) =>
      [1, 2, 3].find((index) => inShard(file, { index, count: 3 })),
    ),
    EXPECTED_SHARDS,
  );
  assert.equal(shardName('x', '.json', { index: 1, count: 1 }), 'x.json');
  assert.equal(shardName('x', '.json', { index: 3, count: 16 }), 'x-03-of-16.json');
});

/** First four bytes of each path's SHA-256 (`printf %s PATH | sha256sum`), modulo 3, plus 1. */
const EXPECTED_SHARDS = [1, 3, 3, 3];

test('folders are searched with their subfolders, files that are named are taken as they are', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of [
    'b.JPG',
    'a.png',
    'notes.txt',
    'sub/c.webp',
    'sub/deep/d.tiff',
    '.hidden/e.jpg',
    '.f.jpg',
  ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  symlinkSync(join(folder, 'a.png'), join(folder, 'sub/link.png'));
  symlinkSync(folder, join(folder, 'sub/circle'));
  const find = async (options: object, stdin = '') =>
    (
      await findPictures(
        { inputs: [], filesFrom: undefined, flat: false, ...options },
        Readable.from([Buffer.from(stdin)]),
      )
    ).map((file) => file.replace(`${folder}/`, ''));
  assert.deepEqual(await find({ inputs: [folder] }), [
    ...['a.png', 'b.JPG', 'sub/c.webp', 'sub/deep/d.tiff', 'sub/link.png'],
  ]);
  assert.deepEqual(await find({ inputs: [`${folder}/./`], flat: true }), ['a.png', 'b.JPG']);
  assert.deepEqual(await find({ inputs: [join(folder, 'notes.txt')] }), ['notes.txt']);
  assert.deepEqual(await find({ filesFrom: '-' }, 'no/such.jpg\n'), ['no/such.jpg']);
  const listed = [join(folder, 'b.JPG'), join(folder, 'sub'), join(folder, 'sub/c.webp')];
  const expected = ['b.JPG', 'sub/c.webp', 'sub/deep/d.tiff', 'sub/link.png'];
  assert.deepEqual(await find({ filesFrom: '-' }, `${listed.join('\n')}\n`), expected);
  assert.deepEqual(await find({ filesFrom: '-' }, `${listed.join('\0')}\0`), expected);
  writeFileSync(join(folder, 'list'), listed.join('\r\n'));
  assert.deepEqual(await find({ filesFrom: join(folder, 'list') }), expected);
  await assert.rejects(find({ filesFrom: join(folder, 'none') }), { code: 'input-invalid' });
});

test('a path of the command line that is not there is named, before any model is loaded', async (t) => {
  const folder = temporaryFolder(t);
  const there = join(folder, 'a.png');
  writeFileSync(there, '');
  const out = join(folder, 'out');
  const annotate = (...inputs: string[]) =>
    cli(['annotate', ...inputs, '--out', out, '--model', join(folder, 'none.json')]);
  const { code, stdout, stderr } = await annotate(there, join(folder, 'fotos'), join(folder, 'b.png'));
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(
    stderr,
    `face-keypoints: There is no ${join(folder, 'fotos')}, ${join(folder, 'b.png')}. Check the spelling.\n`,
  );
  assert.match((await annotate('1', '2', '3', '4', '5')).stderr, /no 1, 2, 3 and 2 more\./);
  assert.ok(!existsSync(out), 'nothing was begun');
});

test('progress says rate and time left', () => {
  assert.equal(progressText(0, 0, 100, 0), '0/100 pictures');
  assert.equal(progressText(30, 2, 100, 10), '30/100 pictures, 3.0/s, 24 s left, 2 failed');
  assert.equal(progressText(100, 0, 100, 5), '100/100 pictures, 20/s');
  assert.equal(progressText(10, 0, 10000, 10), '10/10000 pictures, 1.0/s, 2 h 47 min left');
});
