import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LANDMARK_COUNT, LANDMARK_GROUPS } from '../../../sdk/src/landmarks/schema.ts';
import { delaunay } from '../geometry/delaunay.ts';
import { meanFace, type PosedFace } from '../geometry/structure-from-motion.ts';
import { main } from './main.ts';

const USAGE = `node --import tsx training/src/cli/mean-face.ts --data DIR [--out FILE]
  --data DIR   folder that holds lfpw, helen, afw (by hand) and aflw2000 (with yaw)
  --out FILE   default: sdk/src/landmarks/mean-face.ts`;
/** Outer eye distances are 1000. */
const UNIT = 1000;
/** For the triangles only, in eye distances. */
const MOUTH_OPEN = 0.3;

interface Line {
  /** Of aflw2000: projected from a head model that was fitted to the picture, the jaw where the bone is. */
  readonly points: ([number, number] | null)[] | null;
  /** By hand, null where hidden. */
  readonly points2d?: ([number, number] | null)[];
  readonly yaw?: number;
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      out: { type: 'string', default: 'sdk/src/landmarks/mean-face.ts' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (!values.data) throw new Error(`which faces? Give --data DIR\n${USAGE}`);
  const sets = ['aflw2000', 'lfpw', 'helen', 'afw'].map((set) => readSet(join(resolve(values.data!), set)));
  const faces = (await Promise.all(sets)).flat();
  const { positions, deviations } = meanFace(faces);
  const rounded = [...positions].map((value) => Math.round(UNIT * value));
  const triangles = delaunay(openMouthed(rounded)).filter((triangle) => !isHole(triangle));
  await writeFile(values.out, source(rounded, deviations, triangles, faces.length));
  console.log(`${faces.length} faces, ${triangles.length} triangles: ${values.out}`);
});

async function readSet(folder: string): Promise<PosedFace[]> {
  const lines = (await readFile(join(folder, 'annotations.jsonl'), 'utf8')).trim().split('\n');
  return lines.flatMap((line) => {
    const { points, points2d, yaw } = JSON.parse(line) as Line;
    if (!points) return [];
    // By hand, people mark the jaw's visible outline, not its bone.
    const [, end] = LANDMARK_GROUPS.jaw;
    const place = (i: number) => (i >= end ? (points2d ?? points)[i] : yaw === undefined ? null : points[i]);
    const flat = Float64Array.from(points.flatMap((_, i) => place(i) ?? [NaN, NaN]));
    return [{ points: flat, ...(yaw !== undefined && { yaw }) }];
  });
}

/** The face from the front, its mouth and chin lowered, so that no triangle bridges the lips. */
function openMouthed(positions: readonly number[]): number[] {
  const lowered = (i: number): number => {
    if (i === 60 || i === 64) return 0.5;
    if ((i >= 55 && i < 60) || i >= 65 || (i >= 5 && i < 12)) return 1;
    return i === 48 || i === 54 || i === 4 || i === 12 ? 0.5 : 0;
  };
  return Array.from({ length: LANDMARK_COUNT }, (_, i) => [
    positions[3 * i] / UNIT,
    positions[3 * i + 1] / UNIT + MOUTH_OPEN * lowered(i),
  ]).flat();
}

/** Inside an eye, between the lips, above both brows, or outside the jaw. */
function isHole(triangle: readonly number[]): boolean {
  const brows = [LANDMARK_GROUPS.rightBrow[0], LANDMARK_GROUPS.leftBrow[1]] as const;
  const holes = [
    LANDMARK_GROUPS.jaw,
    brows,
    LANDMARK_GROUPS.rightEye,
    LANDMARK_GROUPS.leftEye,
    LANDMARK_GROUPS.innerLips,
  ];
  return holes.some(([start, end]) => triangle.every((i) => i >= start && i < end));
}

function source(
  positions: readonly number[],
  deviations: Float64Array,
  triangles: readonly number[][],
  count: number,
): string {
  const rows = Array.from(
    { length: LANDMARK_COUNT },
    (_, i) => `  ${positions.slice(3 * i, 3 * i + 3).join(', ')},`,
  );
  const sorted = triangles
    .map((triangle) => {
      const first = triangle.indexOf(Math.min(...triangle));
      return [0, 1, 2].map((k) => triangle[(first + k) % 3]);
    })
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return `/**
 * Measured on ${count} annotated faces by training/src/cli/mean-face.ts, which writes this file: structure from motion over
 * 300-W and AFLW2000. Depth is scaled so that yaw agrees with AFLW2000's; the median pitch of the 300-W faces is 0.
 */

/**
 * The 68 landmarks on a mean head that looks straight into the camera: x0, y0, z0, x1, …; x to the picture's right,
 * y down, z away from the camera; the outer eye corners are 1000 apart, the origin is midway between them.
 */
// prettier-ignore
export const MEAN_FACE: readonly number[] = [
${rows.join('\n')}
];

/** How far each landmark strays from the mean head, over people and annotators (one standard deviation; same unit). */
// prettier-ignore
export const MEAN_FACE_DEVIATIONS: readonly number[] = [
${wrap([...deviations].map((value) => Math.round(UNIT * value)))}
];

/**
 * Triangles between the landmarks, three indices each: Delaunay's of the mean face seen from the front, its mouth open,
 * without those inside the eyes, between the lips and above the brows.
 */
// prettier-ignore
export const MESH_TRIANGLES: readonly number[] = [
${wrap(sorted.flat(), 24)}
];
`;
}

function wrap(values: readonly number[], perLine = 17): string {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += perLine)
    lines.push(`  ${values.slice(i, i + perLine).join(', ')},`);
  return lines.join('\n');
}
