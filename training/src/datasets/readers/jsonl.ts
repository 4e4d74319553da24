import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LANDMARK_COUNT, LANDMARK_GROUPS } from '../../../../sdk/src/landmarks/schema.ts';
import { boxOf } from '../schema.ts';
import type { Split } from '../sample.ts';
import { exists } from '../../support/exists.ts';
import { DatasetError, type AnnotatedFace, type Problem, type Reader } from './reader.ts';

type Point = [number, number] | null;

/** One line. Points are pixels, 0-based, pixel centres at whole numbers. */
interface Annotation {
  readonly file: string;
  readonly set: string;
  readonly split: Split;
  readonly points: readonly Point[];
  readonly points2d?: readonly Point[];
  readonly markup?: string;
  readonly yaw?: number;
  readonly box?: [number, number, number, number];
}

const ANNOTATIONS = 'annotations.jsonl';
/** A turned face's jaw in the 3D convention lies behind the visible outline; below this yaw the two agree. */
const JAW_AGREES_BELOW_DEGREES = 12;

/** Our own format: `annotations.jsonl` in the folder, or in folders of it. */
export const jsonl: Reader = {
  holds: `${ANNOTATIONS} (a JSON object a line: file, set, split, points), here or in each folder`,

  async find(root) {
    if (await exists(join(root, ANNOTATIONS))) return [join(root, ANNOTATIONS)];
    const names = await readdir(root).catch((cause: unknown) => {
      throw new DatasetError(`${root} is not a folder that can be read`, { cause });
    });
    const files = names.map((name) => join(root, name, ANNOTATIONS));
    const there = await Promise.all(files.map(exists));
    return files.filter((_, i) => there[i]).sort();
  },

  async read(root, files) {
    const faces: AnnotatedFace[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const lines = (await readFile(file, 'utf8')).split('\n');
      lines.forEach((line, i) => {
        if (line.trim() === '') return;
        const where = `${relative(root, file)}:${i + 1}`;
        const annotation = parse(line);
        if (typeof annotation === 'string') problems.push({ file: where, reason: annotation });
        else faces.push(toFace(annotation, dirname(file), where));
      });
    }
    return { faces, problems };
  },
};

function parse(line: string): Annotation | string {
  let value: Partial<Record<keyof Annotation | 'format', unknown>> | null;
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    return 'not a JSON object';
  }
  if (typeof value !== 'object' || value === null) return 'not a JSON object';
  if (String(value.format).startsWith('face-keypoints'))
    return 'begins a recording, such as `face-keypoints annotate` writes: points that were found, not marked';
  if (typeof value.file !== 'string') return 'has no "file"';
  if (typeof value.set !== 'string') return 'has no "set"';
  if (value.split !== 'train' && value.split !== 'val' && value.split !== 'test') {
    return `"split" is ${JSON.stringify(value.split)}; it should be one of: train, val, test`;
  }
  const { points } = value;
  if (!Array.isArray(points)) return 'has no "points" (a list of [x, y], null where unknown)';
  const points2d = value.points2d ?? [];
  if (!Array.isArray(points2d)) return '"points2d" is not a list of [x, y], null where unknown';
  for (const point of [...points, ...points2d] as unknown[]) {
    if (point !== null && !isNumbers(point, 2)) return 'has a point that is neither [x, y] nor null';
  }
  if (typeof (value.markup ?? '') !== 'string') return '"markup" is not a text';
  if (typeof (value.yaw ?? 0) !== 'number') return '"yaw" is not a number';
  if (!isNumbers(value.box ?? [0, 0, 0, 0], 4)) return '"box" is not [left, top, right, bottom]';
  return value as Annotation;
}

function isNumbers(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every(Number.isFinite);
}

function toFace(annotation: Annotation, folder: string, where: string): AnnotatedFace {
  const { file, set, split, points2d, markup, yaw = 90, box } = annotation;
  const points = Float32Array.from(toPixels(points2d ?? annotation.points));
  const behind = markup?.includes('3d') && !points2d && Math.abs(yaw) > JAW_AGREES_BELOW_DEGREES;
  if (behind && points.length === 2 * LANDMARK_COUNT) {
    points.fill(NaN, 2 * LANDMARK_GROUPS.jaw[0], 2 * LANDMARK_GROUPS.jaw[1]);
  }
  // The whole face's box, also where single points are left out of the loss.
  const whole = box ?? boxOf(toPixels(annotation.points));
  return { picture: join(folder, file), where, name: file, set, split, points, box: whole };
}

function toPixels(points: readonly Point[]): number[] {
  return points.flatMap((point) => (point ? [point[0] + 0.5, point[1] + 0.5] : [NaN, NaN]));
}
