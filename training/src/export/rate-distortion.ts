import type { Engine } from '../engines/engine.ts';
import { mean } from '../support/statistics.ts';
import { prepareFeedback, roundToNearest, roundWithFeedback, type Feedback } from './error-feedback.ts';
import type { FoldedLayer } from './fold.ts';
import type { LayerStatistics } from './layer-statistics.ts';
import type { QuantizedLayer, QuantizedLayers } from './quantize.ts';

const LARGEST_LEVEL = 127;
/** A channel that hardly matters is still taken for this share of its layer's mean. */
const LEAST_SENSITIVITY = 0.01;

/**
 * Quantizes a network at any point between size and error. One number decides all steps: a weight's step is such that
 * its rounding changes the network's outputs as much as that of every other weight, which for entropy-coded weights is
 * the allocation of least size (reverse water-filling: Cover and Thomas, "Elements of Information Theory", section 10.3).
 * Layers and channels that matter little so get few levels.
 */
export class RateDistortion {
  private constructor(
    private readonly engine: Engine,
    private readonly layers: ReadonlyMap<string, FoldedLayer>,
    private readonly statistics: ReadonlyMap<string, LayerStatistics>,
    private readonly feedback: ReadonlyMap<string, Feedback>,
  ) {}

  /** @param statistics of calibration crops; fewer than a few hundred overfit the widest layers */
  static fit(
    engine: Engine,
    layers: ReadonlyMap<string, FoldedLayer>,
    statistics: ReadonlyMap<string, LayerStatistics>,
  ): RateDistortion {
    const feedback = new Map<string, Feedback>();
    for (const [name, { covariance }] of statistics) feedback.set(name, prepareFeedback(engine, covariance));
    return new RateDistortion(engine, layers, statistics, feedback);
  }

  /**
   * @param tolerance what a weight's rounding may change, in the units of the layers' `sensitivity`
   * @param rounding `nearest`: without error feedback, to see what it is worth
   */
  quantize(tolerance: number, rounding: 'feedback' | 'nearest' = 'feedback'): QuantizedLayers {
    return new Map(
      [...this.layers].map(([name, layer]) => {
        const statistics = this.statistics.get(name);
        const feedback = this.feedback.get(name);
        if (!statistics || !feedback) throw new Error(`${name} was not measured`);
        const scale = stepsOf(layer, statistics, feedback, tolerance);
        const levels =
          rounding === 'feedback'
            ? roundWithFeedback(this.engine, layer.kernel, scale, feedback)
            : roundToNearest(layer.kernel, scale);
        return [
          name,
          { shape: layer.shape, levels, scale, bias: correctedBias(layer, statistics, levels, scale) },
        ];
      }),
    );
  }
}

function stepsOf(
  { kernel, bias }: FoldedLayer,
  { sensitivity }: LayerStatistics,
  { variance }: Feedback,
  tolerance: number,
): Float32Array {
  const channels = bias.length;
  const least = LEAST_SENSITIVITY * mean(sensitivity);
  const energy = mean(variance);
  const largest = new Float32Array(channels);
  for (let i = 0; i < kernel.length; i++) {
    const c = i % channels;
    largest[c] = Math.max(largest[c], Math.abs(kernel[i]));
  }
  return sensitivity.map((value, c) => {
    const step = tolerance / Math.sqrt(Math.max(value, least) * energy);
    const finest = largest[c] / LARGEST_LEVEL || 1;
    return Number.isFinite(step) ? Math.max(step, finest) : finest;
  });
}

/** Rounding moves the mean of what a layer gives; the bias takes it back (Nagel et al., "Data-Free Quantization", 2019). */
function correctedBias(
  { kernel, bias }: FoldedLayer,
  { mean }: LayerStatistics,
  levels: QuantizedLayer['levels'],
  scale: Float32Array,
): Float32Array {
  const channels = bias.length;
  const shift = new Float64Array(channels);
  for (let i = 0; i < levels.length; i++) {
    const c = i % channels;
    shift[c] += mean[(i - c) / channels] * (levels[i] * scale[c] - kernel[i]);
  }
  return bias.map((value, c) => value - shift[c]);
}
