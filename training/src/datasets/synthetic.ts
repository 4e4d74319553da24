import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import { randomOf, type Random } from '../support/random.ts';
import { Canvas } from './synthetic/canvas.ts';
import { headModel, type HeadModel } from './synthetic/head.ts';
import type { Sample } from './sample.ts';

/** The name of their set. */
export const DRAWN_SET = 'synthetic';

const SIDE = 160;

/**
 * Faces drawn by code, their 68 points exact: enough to try the whole path without anybody's pictures, not to replace
 * them. One in six is for validation, one in six for the test.
 * @param seed the same seed gives the same faces; face `i` does not depend on `count`
 */
export function makeSyntheticFaces(count: number, seed: number): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomOf(seed, 68, i);
    const points = project(headModel(random), random);
    return {
      name: `face ${i}`,
      set: DRAWN_SET,
      split: i % 6 === 4 ? ('val' as const) : i % 6 === 5 ? ('test' as const) : ('train' as const),
      image: { data: draw(points, random), width: SIDE, height: SIDE, channels: 1 as const },
      points: points.slice(0, 2 * LANDMARK_COUNT),
    };
  });
}

/** Turns the head by yaw, pitch and roll, and projects it without perspective into the picture, px. */
function project(head: HeadModel, random: Random): Float32Array {
  const yaw = random.normal() * 0.25;
  const pitch = random.normal() * 0.12;
  const roll = random.normal() * 0.2;
  const scale = SIDE * random.between(0.24, 0.32);
  const cx = SIDE / 2 + random.normal() * 4;
  const cy = SIDE / 2 + random.normal() * 4;
  const out = new Float32Array(head.length * 2);
  head.forEach(([x, y, z], i) => {
    const turnedX = x * Math.cos(yaw) - z * Math.sin(yaw);
    const turnedZ = x * Math.sin(yaw) + z * Math.cos(yaw);
    const nodded = y * Math.cos(pitch) + turnedZ * Math.sin(pitch);
    out[2 * i] = cx + scale * (turnedX * Math.cos(roll) - nodded * Math.sin(roll));
    out[2 * i + 1] = cy + scale * (turnedX * Math.sin(roll) + nodded * Math.cos(roll));
  });
  return out;
}

/** Background, hair, skin, then the parts that the points outline. `points`: 68 landmarks, then 9 of the forehead. */
function draw(points: Float32Array, random: Random): Uint8Array {
  const canvas = new Canvas(SIDE, random.between(20, 230));
  const at = (i: number): [number, number] => [points[2 * i], points[2 * i + 1]];
  const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => at(start + i));
  for (let i = random.index(12); i > 0; i--) {
    const [x, y] = [random.between(0, SIDE), random.between(0, SIDE)];
    const [w, h] = [random.between(5, 70), random.between(5, 70)];
    canvas.polygon(
      [
        [x, y],
        [x + w, y + random.normal() * 8],
        [x + w, y + h],
        [x, y + h],
      ],
      random.between(0, 255),
    );
  }

  const skin = random.between(70, 225);
  const hair = Math.max(8, skin - random.between(40, 160));
  const outline = [...range(0, 17), ...range(68, 77)];
  const middle = average(outline);
  canvas.polygon(grow([...range(68, 77), at(0), at(16)], middle, 1.25), hair);
  canvas.polygon(outline, skin);

  const light: [number, number] = [random.normal(), random.normal()];
  const eye = (start: number) => {
    const lids = range(start, start + 6);
    const centre = average(lids);
    const width = distance(lids[0], lids[3]);
    canvas.polygon(grow(lids, centre, 1.5), skin * 0.85);
    canvas.polygon(lids, Math.min(250, skin + 60));
    canvas.clippedDisc(lids, centre, width * 0.24, random.between(10, 60));
    canvas.stroke([lids[0], lids[1], lids[2], lids[3]], width * 0.07, 15);
  };
  eye(36);
  eye(42);
  for (const start of [17, 22])
    canvas.stroke(range(start, start + 5), distance(at(36), at(39)) * 0.2, hair * 0.8);

  const shadow = skin * random.between(0.6, 0.85);
  canvas.stroke([...range(27, 31)], 1.5, skin * (light[0] > 0 ? 0.9 : 1.1));
  canvas.stroke(range(31, 36), 2, shadow);
  canvas.stroke([at(31), at(30), at(35)], 1.2, shadow * 1.1);
  for (const i of [32, 34]) canvas.disc(at(i), 1.8, skin * 0.35);

  const lip = skin * random.between(0.55, 0.8);
  canvas.polygon(range(48, 60), lip);
  canvas.polygon(range(60, 68), random.uniform() < 0.5 ? 20 : Math.min(240, skin + 40));
  canvas.stroke([at(60), at(61), at(62), at(63), at(64)], 1, lip * 0.5);

  canvas.light(light, random.between(0, 0.5));
  canvas.blur();
  return canvas.toBytes(() => random.normal() * random.between(0, 5));
}

function average(points: readonly (readonly [number, number])[]): [number, number] {
  const sum = points.reduce(([x, y], [px, py]) => [x + px, y + py] as const, [0, 0] as readonly [
    number,
    number,
  ]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function grow(
  points: readonly [number, number][],
  [cx, cy]: [number, number],
  by: number,
): [number, number][] {
  return points.map(([x, y]) => [cx + (x - cx) * by, cy + (y - cy) * by]);
}

function distance([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  return Math.hypot(ax - bx, ay - by);
}
