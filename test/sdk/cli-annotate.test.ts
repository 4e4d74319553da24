import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { FaceTracker, parsePts, parseRecording, type Face, type RecordedFace } from '../../sdk/src/index.ts';
import { readPicture } from '../../sdk/src/node/index.ts';
import {
  byFile,
  cli,
  detector,
  drawPictures,
  ended,
  example,
  listing,
  model,
  models,
  readRecord,
  shared,
  start,
  temporaryFolder,
} from './cli-support.ts';

let tracker: FaceTracker;
before(async () => {
  const url = (path: string) => new URL(`file://${path}`);
  tracker = await FaceTracker.create({
    model: url(model),
    detector: url(detector),
    backend: 'wasm',
    maxFaces: 2,
  });
});
after(() => tracker.close());

const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `p/${String(i).padStart(2, '0')}.png`);
const manifestOf = (out: string, name = 'manifest.json') =>
  JSON.parse(readFileSync(join(out, name), 'utf8')) as {
    finished: string | null;
    pictures: object;
    failures: object[];
  };
const kept = ({ id, keypoints, spread, presence }: Face): RecordedFace => ({
  id,
  keypoints,
  spread,
  presence,
});

/** Every format of the outputs against the tracker itself. */
async function compareWithTracker(out: string, files: readonly string[]): Promise<number> {
  const frames = readRecord(out);
  assert.deepEqual(
    frames.map(({ file }) => file),
    [...files].sort(),
  );
  assert.deepEqual(parseRecording(readFileSync(join(out, 'annotations.csv'), 'utf8'), 'csv'), frames);
  let faces = 0;
  for (const { file, width, height, timestamp, faces: found } of frames) {
    const picture = await readPicture(file!);
    assert.deepEqual([width, height, timestamp], [picture.width, picture.height, 0]);
    assert.deepEqual(found, (await tracker.detect(picture)).map(kept), file);
    for (const [i, { keypoints }] of found.entries()) {
      const name = file!.replace(/\.[^.]+$/, i ? `.face${i + 1}.pts` : '.pts').slice(1);
      assert.deepEqual(parsePts(readFileSync(join(out, name), 'utf8')), keypoints);
    }
    faces += found.length;
  }
  return faces;
}

/** The drawn face, and once more beside it. */
async function drawTwoFaces(path: string): Promise<void> {
  const drawn = await sharp(example).resize(360).png().toBuffer();
  const { width } = await sharp(drawn).metadata();
  await sharp(drawn)
    .extend({ right: width })
    .composite([{ input: drawn, left: width, top: 0 }])
    .toFile(path);
}

test('what is written reads back equal to what the tracker finds: drawn, turned, doubled, no face', async (t) => {
  const folder = temporaryFolder(t);
  const drawn = await sharp(example).resize(360).png().toBuffer();
  const { width, height } = await sharp(drawn).metadata();
  await sharp(drawn).withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'turned.jpg'));
  await drawTwoFaces(join(folder, 'two.png'));
  await sharp({ create: { width, height, channels: 3, background: '#777' } }).toFile(
    join(folder, 'none.webp'),
  );
  const files = [example, ...['turned.jpg', 'two.png', 'none.webp'].map((name) => join(folder, name))];
  const out = join(folder, 'out');
  const args = ['annotate', ...files, '--out', out, '--max-faces', '2', ...models];
  assert.equal((await cli([...args, '--format', 'csv'])).code, 0);
  // The other format follows from the record; nothing is computed again.
  const again = await cli([...args, '--format', 'pts']);
  assert.equal(again.code, 0);
  assert.match(again.stderr, /4 of 4 pictures done before/);
  assert.ok((await compareWithTracker(out, files)) >= 3);
  assert.equal(readRecord(out).find(({ file }) => file!.endsWith('two.png'))!.faces.length, 2);
  assert.deepEqual(manifestOf(out).pictures, { named: 4, annotated: 4, withoutFace: withoutFace(out) });
});

const withoutFace = (out: string) => readRecord(out).filter(({ faces }) => faces.length === 0).length;

test(
  'the same on 300-W pictures',
  { skip: !existsSync(join(shared, 'lfpw')) && 'the 300-W pictures are not in ../shared/data' },
  async (t) => {
    const out = temporaryFolder(t);
    const folder = readdirSync(join(shared, 'lfpw'), { withFileTypes: true }).find((entry) =>
      entry.isDirectory(),
    )!;
    const files = readdirSync(join(shared, 'lfpw', folder.name), { recursive: true })
      .map((name) => join(shared, 'lfpw', folder.name, String(name)))
      .filter((path) => /\.(jpg|png)$/.test(path))
      .sort()
      .slice(0, 12);
    assert.equal(files.length, 12);
    const list = files.join('\n');
    const args = ['annotate', '--files-from', '-', '--out', out, '--max-faces', '2', ...models];
    assert.equal((await cli([...args, '--format', 'csv'], { stdin: list })).code, 0);
    assert.equal((await cli([...args, '--format', 'pts'], { stdin: list })).code, 0);
    assert.ok((await compareWithTracker(out, files)) >= 10);
  },
);

test('broken pictures are listed with reasons and tried again; the others are done', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/c.png']);
  const broken = join(folder, 'p/b.png');
  writeFileSync(broken, readFileSync(join(folder, 'p/a.png')).subarray(0, 5000));
  const out = join(folder, 'out');
  const args = ['annotate', join(folder, 'p'), '--files-from', '-', '--out', out, ...models];
  const first = await cli(args, { stdin: join(folder, 'none.jpg') });
  assert.equal(first.code, 1);
  assert.match(first.stderr, new RegExp(`^failed: ${broken}: The picture cannot be read: `, 'm'));
  assert.match(first.stderr, /^failed: .*none\.jpg: .*missing/m);
  assert.equal(readRecord(out).length, 2);
  assert.deepEqual(manifestOf(out).failures.length, 2);
  assert.notEqual(manifestOf(out).finished, null);

  await drawPictures(folder, ['p/b.png']);
  const second = await cli(['annotate', join(folder, 'p'), '--out', out, ...models]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /2 of 3 pictures done before/);
  assert.deepEqual(
    byFile(readRecord(out)).map(({ file }) => file!.slice(-5)),
    ['a.png', 'b.png', 'c.png'],
  );
  assert.deepEqual(listing(out), ['annotations.jsonl', 'manifest.json']);
});

test('--strict stops at the first broken picture, and the rest can follow', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/c.png']);
  writeFileSync(join(folder, 'p/b.png'), 'no picture');
  const out = join(folder, 'out');
  const args = ['annotate', join(folder, 'p'), '--out', out, ...models];
  assert.equal((await cli([...args, '--strict'])).code, 1);
  assert.deepEqual(listing(out), ['annotations.jsonl.part', 'manifest.json']);
  assert.equal(manifestOf(out).finished, null);
  assert.equal((await cli(args)).code, 1);
  assert.equal(readRecord(out).length, 2);
});

test(
  'a run that is killed leaves nothing half, and goes on to the same result',
  { timeout: 120_000 },
  async (t) => {
    const folder = temporaryFolder(t);
    await drawPictures(folder, names(10));
    const args = (out: string) => [
      'annotate',
      join(folder, 'p'),
      '--out',
      join(folder, out),
      '--format',
      'pts',
      ...models,
    ];
    assert.equal((await cli(args('whole'))).code, 0);
    const part = join(folder, 'out/annotations.jsonl.part');
    const child = start(args('out'));
    const end = ended(child);
    while (child.exitCode === null && !(existsSync(part) && statSync(part).size > 6000)) await sleep(5);
    child.kill('SIGKILL');
    assert.equal((await end).signal, 'SIGKILL');
    assert.ok(!existsSync(join(folder, 'out/annotations.jsonl')), 'killed too late to show anything');
    for (const name of listing(join(folder, 'out')).filter((name) => name.endsWith('.pts'))) {
      assert.equal(parsePts(readFileSync(join(folder, 'out', name), 'utf8')).length, 136);
    }
    appendFileSync(part, '{"file":"half of a li');
    const second = await cli(args('out'));
    assert.equal(second.code, 0);
    assert.match(second.stderr, /[1-9] of 10 pictures done before/);
    assert.deepEqual(readRecord(join(folder, 'out')), readRecord(join(folder, 'whole')));
    assert.deepEqual(listing(join(folder, 'out')), listing(join(folder, 'whole')));
  },
);

test('SIGTERM ends it after the picture in work, with 143', { timeout: 120_000 }, async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, names(10));
  const args = ['annotate', join(folder, 'p'), '--out', join(folder, 'out'), ...models];
  const child = start(args);
  const end = ended(child);
  const part = join(folder, 'out/annotations.jsonl.part');
  while (child.exitCode === null && !(existsSync(part) && statSync(part).size > 6000)) await sleep(5);
  child.kill('SIGTERM');
  const { code, stderr } = await end;
  assert.equal(code, 143, stderr);
  assert.match(stderr, /the same command goes on from here/);
  const done = parseRecording(readFileSync(part, 'utf8'), 'jsonl').length;
  assert.ok(done >= 1 && done < 10, `${done} done`);
  assert.equal((await cli(args)).code, 0);
  assert.equal(readRecord(join(folder, 'out')).length, 10);
});

test('the shards together are the whole, also once pictures were added', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, names(7));
  const pictures = join(folder, 'p');
  const shards = async () => {
    for (const shard of ['1/2', '2/2']) {
      const args = ['annotate', pictures, '--out', join(folder, 'shards'), '--shard', shard, ...models];
      assert.equal((await cli(args)).code, 0);
    }
    const parts = [1, 2].map((i) => readRecord(join(folder, 'shards'), `annotations-${i}-of-2.jsonl`));
    for (const part of parts) assert.ok(part.length > 0);
    return byFile(parts.flat());
  };
  await shards();
  await drawPictures(folder, names(9));
  const union = await shards();
  assert.equal((await cli(['annotate', pictures, '--out', join(folder, 'whole'), ...models])).code, 0);
  assert.deepEqual(union, readRecord(join(folder, 'whole')));
});

test('a shard without pictures has an empty record', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['a.png']);
  for (const shard of [1, 2]) {
    const args = ['annotate', join(folder, 'a.png'), '--out', folder, '--shard', `${shard}/2`, ...models];
    assert.equal((await cli(args)).code, 0);
  }
  const sizes = [1, 2].map((i) => readRecord(folder, `annotations-${i}-of-2.jsonl`).length);
  assert.deepEqual(sizes.sort(), [0, 1]);
});

test('results of other settings are not mixed in', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['a.png']);
  const out = join(folder, 'out');
  const args = ['annotate', join(folder, 'a.png'), '--out', out, '--format', 'pts', ...models];
  assert.equal((await cli(args)).code, 0);
  const [pts] = listing(out).filter((name) => name.endsWith('.pts'));
  writeFileSync(join(out, pts), 'of an older model');
  const other = await cli([...args, '--max-faces', '3']);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /other settings.*--restart/);
  assert.equal((await cli([...args, '--max-faces', '3', '--restart'])).code, 0);
  const [frame] = readRecord(out);
  assert.deepEqual(parsePts(readFileSync(join(out, pts), 'utf8')), frame.faces[0].keypoints);
});

/** The .pts files, without the folders above the pictures. */
const ptsIn = (out: string): string[] =>
  listing(out)
    .filter((name) => name.endsWith('.pts'))
    .map((name) => name.slice(name.lastIndexOf('/') + 1));

test('--restart takes the .pts files of the run before away, and no others', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/gone.png', 'p/mine.png']);
  await drawTwoFaces(join(folder, 'p/two.png'));
  const out = join(folder, 'out');
  const args = ['annotate', join(folder, 'p'), '--out', out, '--format', 'pts', ...models];
  assert.equal((await cli([...args, '--max-faces', '2'])).code, 0);
  assert.deepEqual(ptsIn(out), ['a.pts', 'gone.pts', 'mine.pts', 'two.face2.pts', 'two.pts']);
  const mine = listing(out).find((name) => name.endsWith('mine.pts'))!;
  writeFileSync(join(out, mine), 'corrected by hand');
  for (const name of ['gone', 'mine']) rmSync(join(folder, `p/${name}.png`));
  assert.equal((await cli([...args, '--restart'])).code, 0);
  assert.deepEqual(ptsIn(out), ['a.pts', 'mine.pts', 'two.pts']);
  assert.equal(readFileSync(join(out, mine), 'utf8'), 'corrected by hand');
  // A record that somebody has changed names nothing, and is no hindrance.
  writeFileSync(join(out, 'annotations.jsonl'), 'something else\n');
  assert.equal((await cli([...args, '--restart'])).code, 0);
  assert.equal(readRecord(out).length, 2);
});

test('results of another version are not mixed in', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/b.png']);
  const out = join(folder, 'out');
  const args = ['annotate', join(folder, 'p/a.png'), '--out', out, ...models];
  assert.equal((await cli(args)).code, 0);
  const path = join(out, 'manifest.json');
  const older = readFileSync(path, 'utf8').replace(/"face-keypoints [^"]*"/, '"face-keypoints 0.0.9"');
  writeFileSync(path, older);
  const more = [...args, join(folder, 'p/b.png')];
  const { code, stderr } = await cli(more);
  assert.equal(code, 2);
  assert.match(stderr, /face-keypoints 0\.0\.9, now face-keypoints .*that one can go on.*--out, .*--restart/);
  assert.equal(readFileSync(path, 'utf8'), older, 'left as it was');
  assert.equal((await cli([...more, '--restart'])).code, 0);
  assert.equal(readRecord(out).length, 2);
});

test('a part of the pictures again: the record keeps the others', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/b.png']);
  const out = join(folder, 'out');
  assert.equal((await cli(['annotate', join(folder, 'p'), '--out', out, ...models])).code, 0);
  const { code, stderr } = await cli(['annotate', join(folder, 'p/b.png'), '--out', out, ...models]);
  assert.equal(code, 0);
  assert.match(stderr, /^1 of 1 pictures annotated/m);
  assert.equal(readRecord(out).length, 2);
});

test('pictures whose .pts files would be one are told, not overwritten', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png', 'p/a.webp']);
  const out = join(folder, 'out');
  const { code, stderr } = await cli([
    'annotate',
    join(folder, 'p'),
    '--out',
    out,
    '--format',
    'pts',
    ...models,
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /^failed: .*a\.webp: its \.pts file would overwrite that of .*a\.png/m);
  assert.equal(readRecord(out).length, 1);
});

test('a picture called as a second face’s file would be is told where there can be one', async (t) => {
  const folder = temporaryFolder(t);
  await drawTwoFaces(join(folder, 'a.png'));
  await drawPictures(folder, ['a.face2.png']);
  const pictures = ['a.png', 'a.face2.png'].map((name) => join(folder, name));
  const run = (out: string, maxFaces: string) =>
    cli([
      'annotate',
      ...pictures,
      '--out',
      join(folder, out),
      '--format',
      'pts',
      '--max-faces',
      maxFaces,
      ...models,
    ]);
  const two = await run('two', '2');
  assert.equal(two.code, 1);
  assert.match(two.stderr, /^failed: .*a\.face2\.png: its \.pts file would overwrite that of .*a\.png/m);
  assert.equal(readRecord(join(folder, 'two')).length, 1);
  assert.deepEqual(ptsIn(join(folder, 'two')), ['a.face2.pts', 'a.pts']);
  const one = await run('one', '1');
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(ptsIn(join(folder, 'one')), ['a.face2.pts', 'a.pts']);
});

test('no pictures, no model, a record that was changed: exit code 2 and what to do', async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, ['p/a.png']);
  const out = join(folder, 'out');
  const empty = await cli(['annotate', '--files-from', '-', '--out', out, ...models]);
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /No pictures/);
  const args = ['annotate', join(folder, 'p'), '--out', out];
  assert.equal((await cli([...args, '--model', join(folder, 'no.json'), '--detector', detector])).code, 2);
  assert.equal((await cli([...args, ...models])).code, 0);
  writeFileSync(join(out, 'annotations.jsonl'), 'something else\n');
  const changed = await cli([...args, ...models]);
  assert.equal(changed.code, 2);
  assert.match(changed.stderr, /Line 1 of the recording/);
  rmSync(out, { recursive: true });
  writeFileSync(out, 'a file');
  assert.equal((await cli([...args, ...models])).code, 2);
});

test('as a command: progress on stderr, nothing on stdout', { timeout: 60_000 }, async (t) => {
  const folder = temporaryFolder(t);
  await drawPictures(folder, names(3));
  const child = start(['annotate', 'p', '--out', 'out', ...models], { cwd: folder });
  const { code, stdout, stderr } = await ended(child);
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /^3\/3 pictures, [\d.]+\/s$/m);
  assert.match(
    stderr,
    /^3 of 3 pictures annotated, 0 failed; the record holds \d faces, and \d pictures without one: out$/m,
  );
  assert.deepEqual(
    readRecord(join(folder, 'out')).map(({ file }) => file),
    names(3),
  );
});
