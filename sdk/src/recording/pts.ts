import { FaceKeypointsError } from '../errors.ts';
import { parseDecimal, shortestDecimal } from './decimal.ts';

/** iBUG counts pixels from 1 and means their centres: its (1, 1) is our (0.5, 0.5). */
const TO_IBUG = 0.5;

/**
 * One face as an iBUG `.pts` file (version 1; the annotations of 300-W, Sagonas et al. 2013). Coordinates become
 * 1-based pixel centres, so half a pixel more than ours. They read back to the same float32 unless nearer to 0 than
 * 1e-9 px, where that half cannot be undone in full.
 * @param keypoints x0, y0, x1, …, px; pixel centres at whole numbers plus one half
 * @throws FaceKeypointsError `input-invalid`
 */
export function formatPts(keypoints: Float32Array): string {
  if (keypoints.length === 0 || keypoints.length % 2 !== 0 || !keypoints.every(Number.isFinite)) {
    throw new FaceKeypointsError(
      'input-invalid',
      'A .pts file needs x and y of at least one point, all finite. Pass the keypoints of a face.',
    );
  }
  const lines = ['version: 1', `n_points: ${keypoints.length / 2}`, '{'];
  for (let i = 0; i < keypoints.length; i += 2) {
    lines.push(`${coordinate(keypoints[i])} ${coordinate(keypoints[i + 1])}`);
  }
  return `${lines.join('\n')}\n}\n`;
}

function coordinate(value: number): string {
  return shortestDecimal(
    value + TO_IBUG,
    1,
    17,
    (decimal) => Math.fround(decimal - TO_IBUG) === Math.fround(value),
  );
}

/**
 * The points of an iBUG `.pts` file of any length, x0, y0, x1, …, px; pixel centres at whole numbers plus one half.
 * @throws FaceKeypointsError `input-invalid`, naming line and reason
 */
export function parsePts(text: string): Float32Array {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line, i) => ({ text: line.trim(), number: i + 1 }))
    .filter((line) => line.text !== '');
  const last = lines.at(-1)?.number ?? 1;
  let next = 0;
  const take = (pattern: RegExp, what: string): RegExpMatchArray => {
    const line = lines[next++];
    const match = line?.text.match(pattern);
    if (!match)
      throw broken(line?.number ?? last, line ? `${what} is due here` : `it ends where ${what} is due`);
    return match;
  };
  take(/^version:\s*1(\.0*)?$/, '"version: 1"');
  const count = Number(take(/^n_points:\s*(\d+)$/, '"n_points: N"')[1]);
  take(/^\{$/, '"{"');
  // The count is not trusted with memory before its lines are seen.
  const points: number[] = [];
  for (let i = 0; i < count; i++) {
    const [, x, y] = take(/^(\S+)\s+(\S+)$/, `point ${i + 1} of ${count} as "x y"`);
    for (const cell of [x, y]) {
      const value = Math.fround(parseDecimal(cell) - TO_IBUG);
      if (!Number.isFinite(value)) throw broken(lines[next - 1].number, `"${cell}" is no coordinate`);
      points.push(value);
    }
  }
  take(/^\}$/, `"}" after ${count} points`);
  if (next < lines.length) throw broken(lines[next].number, 'nothing is due after "}"');
  if (count === 0) throw broken(last, 'it holds no points');
  return Float32Array.from(points);
}

function broken(line: number, reason: string): FaceKeypointsError {
  return new FaceKeypointsError('input-invalid', `Line ${line} of the .pts file: ${reason}.`);
}
