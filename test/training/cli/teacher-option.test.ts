import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  newTeacher,
  resumedTeacher,
  taughtAgain,
  taughtBy,
} from '../../../training/src/cli/teacher-option.ts';
import { IBUG68, IMM58 } from '../../../training/src/datasets/schema.ts';
import { makeSyntheticFaces } from '../../../training/src/datasets/synthetic.ts';
import { startWasm } from '../../../training/src/engines/wasm.ts';
import { PRESETS } from '../../../training/src/trainer/settings.ts';
import { noiseFaces, TINY_SETTINGS } from '../support.ts';

const TEACHER = new URL('../../../public/models/resnet18', import.meta.url).pathname;
const said: string[] = [];
const progress = { show: () => {}, line: (text: string) => void said.push(text) };

/** The teacher's folder with other weights in it. */
let changed = '';
before(async () => {
  changed = await mkdtemp(join(tmpdir(), 'changed-'));
  await copyFile(join(TEACHER, 'model.json'), join(changed, 'model.json'));
  const weights = await readFile(join(TEACHER, 'weights.bin'));
  weights[1000] ^= 1;
  await writeFile(join(changed, 'weights.bin'), weights);
});
after(() => rm(changed, { recursive: true }));

function data() {
  const held = noiseFaces(2, 'val');
  const about = { heldSplit: 'val' as const, negatives: [], schema: IBUG68, unit: 'u' };
  return { train: [...makeSyntheticFaces(1, 1), ...noiseFaces(1)], held, ...about };
}

test('a teacher corrects what is trained on, never what is measured on, and says how much', async () => {
  const settings = { ...TINY_SETTINGS, corrections: { noise: { share: 1 }, synthetic: { share: 1 } } };
  const given = data();
  const taught = await taughtBy(await startWasm(), TEACHER, given, 'lite', settings, progress);
  assert.equal(taught.held, given.held);
  assert.deepEqual(taught.held, noiseFaces(2, 'val'), 'faces of a set that is corrected in training');
  assert.notDeepEqual(taught.train[0].points, given.train[0].points);
  assert.equal(taught.train[1], given.train[1], 'it sees no face in noise');
  assert.deepEqual(said.sort(), [
    'noise: 0 labels corrected by the teacher, 1 kept, of which it is not sure',
    'synthetic: 1 labels corrected by the teacher',
  ]);
});

test('a teacher of other points is refused', async () => {
  const settings = { ...TINY_SETTINGS, corrections: { noise: { share: 1 } }, schema: IMM58 };
  const taught = taughtBy(await startWasm(), TEACHER, data(), 'resnet18', settings, progress);
  await assert.rejects(taught, /these faces have 58/);
});

test('a teacher that nothing says what to do with is refused before any picture is read', async () => {
  const refusal = (network: string) => newTeacher(TEACHER, network, PRESETS.plain);
  await assert.rejects(refusal('lite'), /give --preset lite as well/);
  await assert.rejects(refusal('resnet18'), /give --preset w300 as well/);
  await assert.rejects(refusal('nose'), /not for nose/);
  await assert.rejects(newTeacher('nowhere', 'lite', PRESETS.lite), /nowhere cannot be read/);
  assert.equal(await newTeacher(undefined, 'lite', PRESETS.plain), undefined);
});

test('a run records all that its teacher comes from, and goes on with no other', async () => {
  const teacher = await newTeacher(TEACHER, 'lite', PRESETS.lite);
  const metadata = (JSON.parse(await readFile(join(TEACHER, 'model.json'), 'utf8')) as ModelJson)
    .userDefinedMetadata;
  assert.deepEqual(teacher?.origin, {
    data: metadata.data,
    terms: metadata.terms,
    sha256: metadata.sha256['weights.bin'],
  });
  const run = { teacher: TEACHER, teacherOrigin: teacher?.origin };
  assert.deepEqual(await resumedTeacher(run), teacher);
  assert.deepEqual(await resumedTeacher({ ...run, teacher: changed }, TEACHER), teacher, 'moved');
  await assert.rejects(resumedTeacher({ ...run, teacher: changed }), /give that one by --teacher MODEL/);
  await assert.rejects(resumedTeacher(run, changed), /is not the teacher/);
});

test('older runs, which do not know their teacher’s weights, go on; a run without a teacher gets none', async () => {
  assert.deepEqual(await resumedTeacher({ teacher: changed }), { path: changed, origin: undefined });
  await assert.rejects(resumedTeacher({ teacher: changed }, TEACHER), /was started with .*changed-/);
  assert.equal(await resumedTeacher({}), undefined);
  await assert.rejects(resumedTeacher({}, TEACHER), /was started with no teacher/);
});

test('a report shows the labels that the run saw, or says that it cannot', async () => {
  const settings = { ...TINY_SETTINGS, corrections: { synthetic: { share: 1 } } };
  const teacherOrigin = (await newTeacher(TEACHER, 'lite', PRESETS.lite))?.origin;
  const engine = await startWasm();
  const again = (run: { teacher?: string; teacherOrigin?: typeof teacherOrigin }) =>
    taughtAgain(engine, { network: 'lite', ...run }, given, settings, progress);
  const given = data();
  const same = await again({ teacher: TEACHER, teacherOrigin });
  assert.notDeepEqual(same.train[0].points, given.train[0].points);
  assert.equal(same.labelsNote, undefined);
  const other = await again({ teacher: changed, teacherOrigin });
  assert.equal(other.train, given.train);
  assert.match(other.labelsNote ?? '', /no longer holds the same model/);
  assert.match((await again({ teacher: TEACHER })).labelsNote ?? '', /not recorded/);
  assert.equal(await again({}), given);
});

interface ModelJson {
  readonly userDefinedMetadata: { data: string[]; terms: string; sha256: Record<string, string> };
}
