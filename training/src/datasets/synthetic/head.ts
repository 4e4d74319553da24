import type { Random } from '../../support/random.ts';

/** Points of a head, x to the picture's right, y down, z away from the viewer; half the face's width is about 1. */
export type HeadModel = readonly (readonly [x: number, y: number, z: number])[];

/**
 * 68 landmarks of a head that nobody has, with an expression, then 9 points of the forehead from the picture's right to
 * its left, so that jaw and forehead close an outline.
 */
export function headModel(random: Random): HeadModel {
  const vary = (mean: number, deviation: number) => mean + random.normal() * deviation;
  const chin = vary(1.25, 0.08);
  const jawWidth = vary(0.82, 0.06);
  const open = random.uniform() < 0.5 ? 0 : random.between(0, 0.35);
  const smile = random.normal() * 0.05;
  const brow = random.normal() * 0.06;
  const lids = random.uniform() < 0.15 ? 0.02 : random.between(0.06, 0.13);
  const eyeX = vary(0.45, 0.03);
  const eyeWidth = vary(0.19, 0.02);
  const eyeY = -0.22;
  const noseTip = vary(0.3, 0.03);
  const noseWidth = vary(0.2, 0.025);
  const mouthY = vary(0.68, 0.04);
  const mouthWidth = vary(0.36, 0.04);
  const points: [number, number, number][] = [];

  for (let i = 0; i <= 16; i++) {
    const angle = (Math.PI * i) / 16;
    const side = -Math.cos(angle);
    const down = Math.sin(angle);
    const x = Math.sign(side) * Math.abs(side) ** (0.6 + 0.4 * jawWidth);
    const y = -0.15 + (chin + open * 0.6 + 0.15) * down ** 0.9;
    points.push([x, y, 0.75 - 0.6 * down]);
  }
  for (const side of [-1, 1]) {
    for (let i = 0; i < 5; i++) {
      // 0 at the temple, 1 at the nose; both brows run from the picture's left to its right.
      const t = side < 0 ? i / 4 : 1 - i / 4;
      const x = side * (0.75 - 0.55 * t);
      points.push([x, -0.42 - brow - 0.1 * Math.sin(Math.PI * (0.15 + 0.65 * t)), 0.25 - 0.2 * t]);
    }
  }
  for (let i = 0; i < 4; i++) points.push([0, -0.22 + ((noseTip + 0.22) * i) / 3, -0.02 - 0.12 * i]);
  for (let i = 0; i < 5; i++) {
    const t = i / 2 - 1;
    points.push([t * noseWidth, noseTip + 0.12 + 0.04 * (1 - t * t), -0.1 - 0.1 * (1 - t * t)]);
  }
  for (const side of [-1, 1]) {
    const x = (t: number) => side * eyeX + t * eyeWidth;
    for (const [t, up] of [
      [-1, 0],
      [-0.4, 1],
      [0.4, 1],
      [1, 0],
      [0.4, -0.8],
      [-0.4, -0.8],
    ]) {
      points.push([x(t), eyeY - up * lids, 0.12 + (side * t > 0 ? 0.06 : 0)]);
    }
  }
  const mouth = (t: number, y: number): [number, number, number] => [
    t * mouthWidth,
    mouthY + y - smile * t * t * 2,
    -0.08 + 0.12 * t * t,
  ];
  for (const [t, y] of [
    [-1, 0],
    [-0.6, -0.08],
    [-0.2, -0.12],
    [0, -0.1],
    [0.2, -0.12],
    [0.6, -0.08],
    [1, 0],
  ]) {
    points.push(mouth(t, y));
  }
  for (const [t, y] of [
    [0.6, 0.1],
    [0.2, 0.14],
    [0, 0.15],
    [-0.2, 0.14],
    [-0.6, 0.1],
  ])
    points.push(mouth(t, y + open));
  for (const [t, y] of [
    [-0.85, 0.005],
    [-0.3, -0.01],
    [0, 0],
    [0.3, -0.01],
    [0.85, 0.005],
  ])
    points.push(mouth(t, y));
  for (const t of [0.3, 0, -0.3]) points.push(mouth(t, 0.02 + open));

  for (let i = 0; i < 9; i++) {
    const angle = (Math.PI * (i + 0.5)) / 9;
    points.push([Math.cos(angle), -0.2 - 0.85 * Math.sin(angle) ** 0.8, 0.7 - 0.35 * Math.sin(angle)]);
  }
  return points;
}
