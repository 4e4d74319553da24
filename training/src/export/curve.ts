import { gzipSize } from './compressed-size.ts';
import type { QuantizedLayers } from './quantize.ts';
import type { RateDistortion } from './rate-distortion.ts';

/** A quantization that was tried. */
export interface CurvePoint {
  /** See `RateDistortion.quantize`; null: all levels. */
  readonly tolerance: number | null;
  /** Bytes of the weights by `gzip -9`. */
  readonly gzip: number;
  /** Inter-ocular NME on the faces that were measured, %. */
  readonly nme: number;
}

export interface Choice {
  readonly layers: QuantizedLayers;
  readonly chosen: CurvePoint;
  /** All that was tried, largest file first. */
  readonly curve: readonly CurvePoint[];
}

/** What `npm run export` measured on the way, for the plot. */
export interface Measurements {
  readonly split: string;
  readonly faces: number;
  /** NME in float, %. */
  readonly nmeFloat: number;
  readonly chosen: CurvePoint;
  /** Steps by sensitivity, error feedback. */
  readonly feedback: readonly CurvePoint[];
  /** Steps by sensitivity, each weight to the nearest level; only where asked for. */
  readonly nearest: readonly CurvePoint[];
  /** 255 levels in each channel. */
  readonly uint8: CurvePoint;
}

/** What decides: a ceiling of bytes, or of the NME that may be lost against float, in points of %. */
export type Goal = { readonly bytes: number } | { readonly loss: number };

interface Attempt {
  readonly layers: QuantizedLayers;
  readonly chosen: CurvePoint;
  readonly tolerance: number;
}

const FIRST_TOLERANCE = 6e-5;
const STEP = Math.SQRT2;
const MOST_TRIES = 12;
/** A budget is used up to this share. */
const FULL = 0.97;
/** A loss is met when the next coarser tolerance tried is within this factor; bytes differ by 8 %. */
const CLOSE = 1.2;

/**
 * Walks from fine to coarse. For a loss: ends where NME exceeds float by more than it, and takes the coarsest before that.
 * For a number of bytes: takes the finest that fits.
 * @param measure NME of the layers, %
 */
export function choose(
  model: Pick<RateDistortion, 'quantize'>,
  goal: Goal,
  nmeFloat: number,
  measure: (layers: QuantizedLayers) => number,
  onPoint: (point: CurvePoint) => void = () => {},
): Choice {
  const curve: CurvePoint[] = [];
  const attempt = (tolerance: number): Attempt => {
    const layers = model.quantize(tolerance);
    const point = pointOf(layers, tolerance, measure);
    curve.push(point);
    onPoint(point);
    return { layers, chosen: point, tolerance };
  };
  const holds = ({ gzip, nme }: CurvePoint) =>
    'bytes' in goal ? gzip > goal.bytes : nme - nmeFloat <= goal.loss;

  // `holds` is true on the fine side and false on the coarse side; the border lies between `fine` and `coarse`.
  let fine = attempt(FIRST_TOLERANCE);
  let coarse: Attempt | undefined;
  while (!holds(fine.chosen) && curve.length < MOST_TRIES) {
    coarse = fine;
    fine = attempt(fine.tolerance / STEP ** 2);
  }
  while (!coarse && curve.length < MOST_TRIES) {
    const next = attempt(fine.tolerance * STEP);
    if (holds(next.chosen)) fine = next;
    else coarse = next;
  }
  const isClose = (border: Attempt) =>
    'bytes' in goal ? border.chosen.gzip >= FULL * goal.bytes : border.tolerance < CLOSE * fine.tolerance;
  while (coarse && !isClose(coarse) && curve.length < MOST_TRIES) {
    const next = attempt(Math.sqrt(fine.tolerance * coarse.tolerance));
    if (holds(next.chosen)) fine = next;
    else coarse = next;
  }
  const kept = 'bytes' in goal ? coarse : fine;
  if (!kept || ('loss' in goal && !holds(kept.chosen))) {
    throw new Error(
      'bytes' in goal
        ? `${goal.bytes} bytes are not reached; the smallest tried has ${Math.min(...curve.map(({ gzip }) => gzip))}`
        : `no quantization tried loses less than ${goal.loss} points; give a larger --loss`,
    );
  }
  return { layers: kept.layers, chosen: kept.chosen, curve: curve.sort((a, b) => b.gzip - a.gzip) };
}

/** A quantization as a point of the curve. */
export function pointOf(
  layers: QuantizedLayers,
  tolerance: number | null,
  measure: (layers: QuantizedLayers) => number,
): CurvePoint {
  return { tolerance, gzip: storedBytes(layers), nme: measure(layers) };
}

/** Bytes of the weights file by `gzip -9`, but for a few constants of the graph. */
function storedBytes(layers: QuantizedLayers): number {
  const all = [...layers.values()];
  return gzipSize(
    Buffer.concat([
      ...all.map(({ levels }) => bytesOf(levels)),
      ...all.flatMap(({ scale, bias }) => [bytesOf(scale), bytesOf(bias)]),
    ]),
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Different levels that a channel of each layer uses, on average. */
export function levelsUsed(layers: QuantizedLayers): Record<string, number> {
  return Object.fromEntries(
    [...layers].map(([name, { levels, scale }]) => {
      const channels = scale.length;
      const seen = new Set<number>();
      for (let i = 0; i < levels.length; i++) seen.add((i % channels) * 256 + levels[i] + 128);
      return [name, Math.round((10 * seen.size) / channels) / 10];
    }),
  );
}
