import { DEFAULT_AUGMENTATION } from '../augmentation/settings.ts';
import type { Sample } from '../datasets/sample.ts';
import type { Engine } from '../engines/engine.ts';
import { errorPairs, prepareFaces } from '../evaluation/on-samples.ts';
import { faceCropInput } from '../inputs/face-crop.ts';
import { activationRanges, roundActivations } from './activation-ranges.ts';
import { Bench } from './bench.ts';
import { calibrationCrops } from './calibration-crops.ts';
import { chooseLevels } from './choose-levels.ts';
import type { Goal, Measurements } from './curve.ts';
import type { FoldedLayer } from './fold.ts';
import { FoldedNetwork } from './folded-network.ts';
import type { ModelDescription, SpreadCalibration } from './model-file.ts';
import { dequantizeLayers, quantizeLayers, type QuantizedLayers } from './quantize.ts';
import type { Source } from './source.ts';
import { DIFFICULTY } from '../models/landmark-head.ts';
import { withMarkupShift } from '../models/markup-shift.ts';
import { fitMarkupShift } from './fit-markup-shift.ts';
import { fitSpreadLayer } from './fit-spread.ts';
import { fitSpread, foldCorrection } from './spread-calibration.ts';

const CALIBRATION_CROPS = 512;
/** Activations in 8 bits are recommended where they cost no more, in points of NME. */
const ACTIVATION_LOSS = 0.05;

/** The faces that a model is fitted to and measured on. */
export interface FittingFaces {
  readonly split: string;
  readonly samples: readonly Sample[];
  /** Absent: nothing is chosen, and expected errors stay as they were trained. */
  readonly training?: {
    /** Quantization is fitted on some of these. */
    readonly all: readonly Sample[];
    /** Expected errors are. */
    readonly markedByHand: readonly Sample[];
  };
}

export interface Fitted {
  readonly layers: QuantizedLayers;
  readonly description: Partial<ModelDescription>;
  /** Where levels were chosen. */
  readonly measurements?: Measurements;
}

/** What is said on the way: a line that stays, or one that the next takes the place of. */
export interface Listener {
  line(text: string): void;
  show(text: string): void;
}

/**
 * Everything that needs faces: levels, expected errors, the figures of the card.
 * @param goal absent: every weight keeps 8 bits
 * @param compare see `chooseLevels`
 */
export async function fitToFaces(
  engine: Engine,
  trained: Source,
  { split, samples, training }: FittingFaces,
  goal: Goal | undefined,
  compare: boolean,
  listener: Listener,
): Promise<Fitted> {
  const { inputSize, cropFactor } = trained.about;
  const markupShift = training
    ? await fitMarkupShift(engine, trained, training.markedByHand, (done) =>
        listener.show(`shift of the markup: ${done}/${training.markedByHand.length} faces`),
      )
    : trained.about.markupShift;
  const shifted = { ...trained, network: withMarkupShift(trained.network, markupShift) };
  const source: Source = training
    ? {
        ...shifted,
        layers: fitSpreadLayer(engine, shifted, training.markedByHand, (done, total) =>
          listener.show(`expected errors: looking at crop ${done}/${total}`),
        ),
      }
    : shifted;
  const faces = prepareFaces(samples, faceCropInput(inputSize, cropFactor));
  const bench = new Bench(engine, source.network, faces);
  const nmeFloat = bench.nme(source.layers);
  listener.line(`${samples.length} faces of ${split}: NME ${nmeFloat.toFixed(3)} % in float`);

  const crops = training && calibrationCrops(training.all, CALIBRATION_CROPS, inputSize, cropFactor);
  const chosen =
    goal && crops
      ? chooseLevels(bench, source.layers, crops, goal, compare, {
          calibrated: (done, total) => listener.show(`looking at calibration crop ${done}/${total}`),
          point: ({ gzip, nme }) =>
            listener.line(`  ${(gzip / 1e6).toFixed(2)} MB gzip: NME ${nme.toFixed(3)} %`),
        })
      : { layers: quantizeLayers(source.layers), measurements: undefined };

  const { layers, calibration } = calibrateSpread(bench, chosen.layers, split);
  const stored = dequantizeLayers(layers);
  const nmeQuantized = bench.nme(stored);
  const activations = crops && measureActivations(bench, stored, crops, nmeQuantized);
  listener.line(
    `NME ${nmeQuantized.toFixed(3)} % quantized${activations ? `, ${activations.nme.toFixed(3)} % with activations in 8 bits as well` : ''}`,
  );
  await listenToPresence(bench, { float: source.layers, quantized: stored }, source, listener);
  return {
    layers,
    measurements: chosen.measurements && { split, ...chosen.measurements },
    description: {
      ...(markupShift !== undefined && { markupShift: Number(markupShift.toPrecision(4)) }),
      measured: {
        split,
        faces: samples.length,
        nmeFloat: round(nmeFloat),
        nmeQuantized: round(nmeQuantized),
        ...(activations && { nmeActivations8: round(activations.nme) }),
      },
      calibration,
      ...(activations?.ranges && { activationRanges: activations.ranges }),
    },
  };
}

/** Levels are chosen by the points, so what they do to the presence is for a person to see. */
async function listenToPresence(
  bench: Bench,
  networks: Readonly<Record<string, ReadonlyMap<string, FoldedLayer>>>,
  { about: { inputSize: size, cropFactor } }: Source,
  listener: Listener,
): Promise<void> {
  const settings = { size, cropFactor, augmentation: DEFAULT_AUGMENTATION };
  for (const [name, layers] of Object.entries(networks)) {
    const presence = await bench.presence(layers, settings);
    if (!presence) return;
    const { facesKept, offFaceRefused } = presence;
    listener.line(
      `presence, ${name}: ${facesKept.toFixed(1)} % of the faces kept, ${offFaceRefused.toFixed(1)} % of the crops beside, inside and around them refused`,
    );
  }
}

/** Fitted on the network as it is stored, so that what rounding does to the spread is made good as well. */
function calibrateSpread(
  bench: Bench,
  layers: QuantizedLayers,
  split: string,
): { readonly layers: QuantizedLayers; readonly calibration?: SpreadCalibration } {
  if (split === 'test' || !layers.has(DIFFICULTY)) return { layers };
  const pairs = bench.results(dequantizeLayers(layers)).flatMap((face) => errorPairs(face, face.span));
  const { correction, calibration } = fitSpread(pairs, split, bench.faces.samples.length);
  return { layers: foldCorrection(layers, correction), calibration };
}

/** NME with 8-bit activations, and their ranges where they cost little. */
function measureActivations(
  bench: Bench,
  layers: ReadonlyMap<string, FoldedLayer>,
  crops: Float32Array,
  nmeBefore: number,
): { readonly nme: number; readonly ranges?: Record<string, number> } {
  const runner = new FoldedNetwork(bench.engine, bench.network, layers);
  const ranges = activationRanges(runner, crops, bench.faces.input.width);
  runner.dispose();
  const nme = bench.nme(layers, roundActivations(ranges));
  if (nme - nmeBefore > ACTIVATION_LOSS) return { nme };
  const short = Object.entries(ranges).map(([name, range]) => [name, Number(range.toPrecision(4))]);
  return { nme, ranges: Object.fromEntries(short) as Record<string, number> };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
