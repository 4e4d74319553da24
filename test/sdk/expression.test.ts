import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import sharp from 'sharp';
import { FaceTracker, measureExpression, type Expression } from '../../sdk/src/index.ts';
import { knownFace, photograph, type Variation, type View } from './known-face.ts';

const root = join(import.meta.dirname, '../..');
const DATA = join(root, '../shared/data');
const skip = !existsSync(join(DATA, 'helen')) && 'the annotated pictures are not here';

const VIEWS: View[] = [
  {},
  { yaw: 30 },
  { yaw: -30, roll: 20 },
  { pitch: 20, distance: 600 },
  { yaw: 20, pitch: -20, distance: 600 },
];
const of = (variation: Variation, view: View): Expression =>
  measureExpression(photograph(knownFace(variation), view));

/** What grows with what, in steps. */
const SERIES: { name: string; steps: Variation[]; measures: (keyof Expression)[]; falls?: boolean }[] = [
  {
    name: 'eyes open',
    steps: [0.15, 0.4, 0.7, 1, 1.2].map((eyes) => ({ eyes })),
    measures: ['eyeOpenLeft', 'eyeOpenRight'],
  },
  { name: 'a blink', steps: [0.8, 0.6, 0.4, 0.1].map((eyes) => ({ eyes })), measures: ['blink'] },
  {
    name: 'a mouth opens',
    steps: [0, 4, 8, 16, 24].map((open) => ({ open })),
    measures: ['mouthOpen'],
  },
  { name: 'a smile', steps: [-2, 2, 5, 8].map((smile) => ({ smile })), measures: ['smile'] },
  { name: 'brows rise', steps: [-2, 0, 3, 6].map((brows) => ({ brows })), measures: ['browRaise'] },
];

for (const { name, steps, measures } of SERIES) {
  test(`${name}: the measure never falls and goes a long way, whichever way the head is turned`, () => {
    for (const view of VIEWS) {
      for (const measure of measures) {
        const values = steps.map((step) => of(step, view)[measure]);
        const shown = `${measure} ${JSON.stringify(view)}: ${values.map((value) => value.toFixed(2)).join(' ')}`;
        for (let i = 1; i < values.length; i++) assert.ok(values[i] >= values[i - 1], shown);
        assert.ok(values[values.length - 1] - values[0] > 0.4, shown);
      }
    }
  });
}

test('a turn of the head changes little', () => {
  const straight = of({ open: 6, smile: 3 }, {});
  for (const view of VIEWS) {
    const turned = of({ open: 6, smile: 3 }, view);
    for (const measure of Object.keys(straight) as (keyof Expression)[]) {
      const difference = Math.abs(turned[measure] - straight[measure]);
      assert.ok(difference < 0.25, `${measure} ${JSON.stringify(view)}: ${difference}`);
    }
  }
});

test("left and right are the person's own: a wink with the left eye closes the left", () => {
  const points = photograph(knownFace(), {});
  for (let i = 42; i < 48; i++) points[2 * i + 1] = points[2 * 42 + 1];
  const { eyeOpenLeft, eyeOpenRight, blink } = measureExpression(points);
  assert.ok(eyeOpenLeft < 0.1 && eyeOpenRight > 0.5 && blink < 0.1);
});

test('what is no face gives numbers in range all the same', () => {
  for (const points of [new Float32Array(136), new Float32Array(136).fill(NaN)]) {
    for (const value of Object.values(measureExpression(points))) assert.ok(value >= 0 && value <= 1);
  }
});

type Check = Partial<Record<keyof Expression | 'eyes', readonly [from: number, to: number]>>;

/** Chosen by looking at them; `eyes` is the mean of both. */
const PICTURES: Record<string, Check> = {
  'afw/train/448291547_2.jpg': { eyes: [0, 0.2], blink: [0.8, 1], mouthOpen: [0, 0.2] },
  'afw/train/2437602091_1.jpg': { eyes: [0, 0.2], blink: [0.8, 1], mouthOpen: [0, 0.2], smile: [0.5, 1] },
  'afw/train/4337161543_1.jpg': { eyes: [0, 0.2], blink: [0.8, 1], mouthOpen: [0.6, 1], smile: [0, 0.3] },
  'lfpw/train/image_0455.jpg': { eyes: [0.8, 1], blink: [0, 0], smile: [0, 0.3], browRaise: [0.7, 1] },
  'lfpw/test/image_0180.jpg': { eyes: [0.8, 1], blink: [0, 0], mouthOpen: [0, 0.1], smile: [0, 0.35] },
  'helen/train/2088010176_3.jpg': { eyes: [0.8, 1], blink: [0, 0], mouthOpen: [0.6, 1], smile: [0, 0.3] },
  'helen/train/100466187_1.jpg': { eyes: [0.8, 1], blink: [0, 0], smile: [0.7, 1] },
  'lfpw/train/image_0200.jpg': { blink: [0, 0], smile: [0.7, 1] },
  'helen/test/3004312424_1.jpg': { smile: [0, 0.2], browRaise: [0, 0.2], mouthOpen: [0, 0.1] },
};

const withEyes = (expression: Expression) => ({
  ...expression,
  eyes: (expression.eyeOpenLeft + expression.eyeOpenRight) / 2,
});

function failures(file: string, expression: Expression, names?: readonly (keyof Check)[]): string[] {
  const values = withEyes(expression);
  return (Object.entries(PICTURES[file]) as [keyof Check, [number, number]][])
    .filter(
      ([name, [from, to]]) =>
        (names?.includes(name) ?? true) && !(values[name] >= from && values[name] <= to),
    )
    .map(([name, [from, to]]) => `${file}: ${name} is ${values[name].toFixed(2)}, not ${from} to ${to}`);
}

test(
  'right way round on annotated pictures: eyes and mouths closed and open, smiles, brows',
  { skip },
  () => {
    const wrong = Object.keys(PICTURES).flatMap((file) => {
      const [set, ...rest] = file.split('/');
      const line = readFileSync(join(DATA, set, 'annotations.jsonl'), 'utf8')
        .split('\n')
        .find((text) => text.includes(`"${rest.join('/')}"`));
      const { points } = JSON.parse(line ?? '{}') as { points: [number, number][] };
      return failures(file, measureExpression(points.flat()));
    });
    assert.deepEqual(wrong, []);
  },
);

test('right way round on the same pictures through detector and network', { skip }, async () => {
  const tracker = await FaceTracker.create({
    model: pathToFileURL(join(root, 'public/models/resnet18/model.json')),
    detector: pathToFileURL(join(root, 'node_modules/@vladmandic/human/models/blazeface.json')),
    backend: 'wasm',
  });
  const wrong: string[] = [];
  const eyes: Record<'closed' | 'open', number[]> = { closed: [], open: [] };
  for (const [file, check] of Object.entries(PICTURES)) {
    const { data, info } = await sharp(join(DATA, file))
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const [face] = await tracker.detect({ data, width: info.width, height: info.height, channels: 4 });
    assert.ok(face, file);
    wrong.push(...failures(file, face.expression, ['mouthOpen', 'smile', 'browRaise']));
    if (check.eyes) eyes[check.eyes[0] === 0 ? 'closed' : 'open'].push(withEyes(face.expression).eyes);
  }
  await tracker.close();
  assert.deepEqual(wrong, []);
  // The network leaves closed eyes half open, so only the order is asked for.
  assert.ok(Math.max(...eyes.closed) < Math.min(...eyes.open) - 0.1, JSON.stringify(eyes));
});
