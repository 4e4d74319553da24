import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LANDMARK_GROUPS,
  measureExpression,
  OVERLAY_STYLES,
  SPREAD_RADIUS,
  toSvg,
  type Face,
} from '../../sdk/src/index.ts';
import { MESH_EDGES } from '../../sdk/src/drawing/contours.ts';
import { containFit, drawFaces } from '../../sdk/src/drawing/overlay.ts';
import { boxOfPoints } from '../../sdk/src/face.ts';
import { knownFace, normals, photograph } from './known-face.ts';

function faceOf(id: number): Face {
  const keypoints = photograph(knownFace(), { yaw: 10 * id });
  return {
    id,
    keypoints,
    spread: Float32Array.from({ length: 68 }, (_, i) => 2 + i / 20),
    presence: 1,
    box: boxOfPoints(keypoints),
    pose: { yaw: 0, pitch: 0, roll: 0 },
    expression: measureExpression(keypoints),
  };
}

/** A canvas that notes where pens go, in canvas px, and how often something is painted. */
class Recorder {
  readonly places: [number, number][] = [];
  readonly radii: number[] = [];
  readonly widths: number[] = [];
  paints = 0;
  saved: [number, number, number][] = [];
  lineWidth = 1;
  #at: [number, number, number] = [0, 0, 1];

  #put(x: number, y: number): void {
    this.places.push([this.#at[0] + x * this.#at[2], this.#at[1] + y * this.#at[2]]);
  }
  save(): void {
    this.saved.push([...this.#at]);
  }
  restore(): void {
    this.#at = this.saved.pop()!;
  }
  translate(x: number, y: number): void {
    this.#at[0] += x * this.#at[2];
    this.#at[1] += y * this.#at[2];
  }
  scale(x: number): void {
    this.#at[2] *= x;
  }
  beginPath(): void {}
  moveTo(x: number, y: number): void {
    this.#put(x, y);
  }
  lineTo(x: number, y: number): void {
    this.#put(x, y);
  }
  bezierCurveTo(_a: number, _b: number, _c: number, _d: number, x: number, y: number): void {
    this.#put(x, y);
  }
  arc(_x: number, _y: number, radius: number): void {
    this.radii.push(radius * this.#at[2]);
  }
  stroke(): void {
    this.paints++;
    this.widths.push(this.lineWidth);
  }
  fill(): void {
    this.paints++;
  }
}

function draw(style: (typeof OVERLAY_STYLES)[number], faces = [faceOf(0)], ratio = 1): Recorder {
  const recorder = new Recorder();
  const fit = containFit(960, 480, 640, 480);
  drawFaces(recorder as unknown as CanvasRenderingContext2D, faces, style, 'red', fit, ratio);
  assert.equal(recorder.saved.length, 0, 'the context is given back as it was');
  return recorder;
}

test('a picture fits as object-fit: contain does', () => {
  assert.deepEqual(containFit(960, 480, 640, 480), { x: 160, y: 0, scale: 1 });
  assert.deepEqual(containFit(320, 480, 640, 480), { x: 0, y: 120, scale: 0.5 });
});

test('every style but none draws, with few paints a face, inside the fitted face', () => {
  const face = faceOf(0);
  for (const style of OVERLAY_STYLES) {
    const { places, paints } = draw(style, [face, faceOf(1)]);
    assert.ok(style === 'none' ? paints === 0 : paints >= 2 && paints <= 8, `${style} ${paints}`);
    for (const [x, y] of places) assert.ok(x > 160 && x < 800 && y > 0 && y < 500, `${style} ${x} ${y}`);
  }
});

test('contours go through all landmarks', () => {
  const face = faceOf(1);
  const { places } = draw('contours', [face]);
  for (let i = 0; i < 68; i++) {
    const [x, y] = [face.keypoints[2 * i] + 160, face.keypoints[2 * i + 1]];
    assert.ok(
      places.some(([px, py]) => Math.hypot(px - x, py - y) < 1e-3),
      `${i}`,
    );
  }
});

test('spread circles hold nine in ten true places where errors are normal', () => {
  const face = faceOf(0);
  const { radii } = draw('spread', [face]);
  assert.equal(radii.length, 68);
  const random = normals(5);
  const errors = Array.from({ length: 20000 }, () => Math.hypot(random(), random()));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const held = errors.filter((error) => error < SPREAD_RADIUS * mean).length / errors.length;
  assert.ok(Math.abs(held - 0.9) < 0.01, `${held}`);
  radii.forEach((radius, i) => assert.ok(Math.abs(radius - SPREAD_RADIUS * face.spread[i]) < 1e-3));
});

test('lines are as thick on a dense screen as on another', () => {
  const small = { ...faceOf(0), box: { x: 0, y: 0, width: 10, height: 10 } };
  const widths = [1, 2].map((ratio) => Math.max(...draw('contours', [small], ratio).widths));
  assert.equal(widths[1], 2 * widths[0]);
});

test('the mesh has each side once', () => {
  const keys = MESH_EDGES.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`);
  assert.equal(new Set(keys).size, keys.length);
});

/** Throws unless every tag is closed in order and every attribute quoted; gives the elements' classes. */
function parseSvg(text: string): string[] {
  const open: string[] = [];
  const classes: string[] = [];
  const rest = text.replace(
    /<(\/?)([a-z]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/gi,
    (_, end, name, attributes, empty) => {
      if (end) assert.equal(open.pop(), name);
      else if (!empty) open.push(name as string);
      const found = /class="([^"]*)"/.exec(attributes as string);
      if (found) classes.push(found[1]);
      return '';
    },
  );
  assert.equal(rest.trim(), '');
  assert.deepEqual(open, []);
  return classes;
}

test('the SVG is well formed in every style and names the groups', () => {
  const faces = [faceOf(0), faceOf(1)];
  for (const style of OVERLAY_STYLES) {
    const text = toSvg(faces, 640, 480, style);
    assert.match(
      text,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="640" height="480" viewBox="0 0 640 480"/,
    );
    const classes = new Set(parseSvg(text));
    assert.equal(classes.has('face'), style !== 'none');
    if (style === 'mesh') assert.ok(classes.has('mesh'));
    else if (style !== 'none')
      for (const group of Object.keys(LANDMARK_GROUPS)) assert.ok(classes.has(group));
    assert.ok(!/NaN|undefined|Infinity/.test(text));
  }
});

test('a colour cannot break out of its attribute, a broken landmark not the document', () => {
  const face = faceOf(0);
  face.keypoints[3] = NaN;
  const text = toSvg([face], 640, 480, 'points', '"><script>alert(1)</script>&');
  parseSvg(text);
  assert.ok(!text.includes('<script'));
});
