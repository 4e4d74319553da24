import type { Bench } from './bench.ts';
import { choose, pointOf, type CurvePoint, type Goal, type Measurements } from './curve.ts';
import type { FoldedLayer } from './fold.ts';
import { dequantizeLayers, quantizeLayers, type QuantizedLayers } from './quantize.ts';
import { layerStatistics } from './layer-statistics.ts';
import { RateDistortion } from './rate-distortion.ts';

/** For the plot: past the knee; and without feedback, where the same errors need finer steps. */
const COARSE_TOLERANCES = [2e-4, 2.8e-4, 4e-4];
const NEAREST_TOLERANCES = [7e-6, 1.4e-5, 2.8e-5, 4.2e-5, 5.6e-5];

export interface Report {
  calibrated(done: number, total: number): void;
  point(point: CurvePoint): void;
}

/**
 * The levels of every layer: their proportions by what calibration crops show, and the one number that is left, how coarse
 * all of them are, by `goal` on the bench's faces.
 * @param compare whether coarser steps, and rounding to the nearest level, are measured as well, for the plot
 */
export function chooseLevels(
  bench: Bench,
  layers: ReadonlyMap<string, FoldedLayer>,
  calibrationCrops: Float32Array,
  goal: Goal,
  compare: boolean,
  report: Report,
): { readonly layers: QuantizedLayers; readonly measurements: Omit<Measurements, 'split'> } {
  const { engine, network, faces } = bench;
  const statistics = layerStatistics(
    engine,
    network,
    layers,
    calibrationCrops,
    faces.input.width,
    (done, total) => report.calibrated(done, total),
  );
  const model = RateDistortion.fit(engine, layers, statistics);
  const measure = (these: QuantizedLayers) => bench.nme(dequantizeLayers(these));
  const measured = (these: QuantizedLayers, tolerance: number | null): CurvePoint => {
    const point = pointOf(these, tolerance, measure);
    report.point(point);
    return point;
  };
  const nmeFloat = bench.nme(layers);
  const uint8 = measured(quantizeLayers(layers), null);
  const choice = choose(model, goal, nmeFloat, measure, (point) => report.point(point));
  const coarse = (compare ? COARSE_TOLERANCES : []).map((tolerance) =>
    measured(model.quantize(tolerance), tolerance),
  );
  const nearest = (compare ? NEAREST_TOLERANCES : []).map((tolerance) =>
    measured(model.quantize(tolerance, 'nearest'), tolerance),
  );
  return {
    layers: choice.layers,
    measurements: {
      faces: faces.samples.length,
      nmeFloat,
      chosen: choice.chosen,
      feedback: [...choice.curve, ...coarse],
      nearest,
      uint8,
    },
  };
}
