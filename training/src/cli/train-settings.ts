import { faceRegion } from '../augmentation/augment.ts';
import type { Sample } from '../datasets/sample.ts';
import type { LandmarkSchema } from '../datasets/schema.ts';
import { IBUG68 } from '../datasets/schema.ts';
import type { Engine } from '../engines/engine.ts';
import { FACE58_FEATURES, FACE58_WIDTH } from '../models/face58.ts';
import { PRODUCT_NETWORKS } from '../models/networks.ts';
import {
  COURSE_SETTINGS,
  ONCE_THROUGH,
  PRESETS,
  type PresetName,
  type TrainSettings,
} from '../trainer/settings.ts';
import { count, positive } from './number-option.ts';

/** The options that choose a preset or stand in place of what it says, as text. */
export interface SettingOptions {
  readonly preset?: string;
  readonly epochs?: string;
  readonly steps?: string;
  readonly batch?: string;
  readonly size?: string;
  readonly rate?: string;
  readonly seed?: string;
  readonly width?: string;
  /** Weights to start from. */
  readonly init?: string;
}

/**
 * The presets for any faces as lite learns from nothing: at the rate of its own preset and, as each step costs little,
 * for as long. Its other means, a mix of the 300-W sets and a teacher, are not for any faces. From weights it learns at
 * the rates of the others.
 */
const LITE_FROM_NOTHING: Readonly<Record<'plain' | 'quick', TrainSettings>> = {
  plain: {
    ...PRESETS.plain,
    epochs: PRESETS.lite.epochs,
    rate: PRESETS.lite.rate,
    averaging: PRESETS.lite.averaging,
  },
  quick: { ...PRESETS.quick, rate: PRESETS.lite.rate },
};

const HALVED = 2 ** 5;

/**
 * A new run's settings; what the data decide is left to `fitToData`.
 * @throws Error naming what is wrong with an option
 */
export function newSettings(network: string, hasData: boolean, options: SettingOptions): TrainSettings {
  const base = baseSettings(network, hasData, options);
  if (options.size !== undefined && base.picture)
    throw new Error(`--size is for crops of faces; ${network} takes whole pictures`);
  if (options.width !== undefined && network !== 'face58') throw new Error('--width is for face58');
  const { epochs, steps, batch, size, rate, seed, width } = options;
  return {
    ...base,
    ...(epochs !== undefined && { epochs: count('epochs', epochs) }),
    ...(steps !== undefined && { stepsPerEpoch: count('steps', steps) }),
    ...(batch !== undefined && { batch: count('batch', batch) }),
    ...(size !== undefined && { size: sizeFor(network, size) }),
    ...(rate !== undefined && { rate: positive('rate', rate) }),
    ...(seed !== undefined && { seed: count('seed', seed, 0) }),
    ...(network === 'face58' && { width: width === undefined ? FACE58_WIDTH : count('width', width) }),
  };
}

/** Of a crop, px. The product's networks halve it five times, and put maps of each size back on one another. */
function sizeFor(network: string, text: string): number {
  const size = count('size', text);
  if (!PRODUCT_NETWORKS.includes(network) || size % HALVED === 0) return size;
  const near = HALVED * Math.max(1, Math.round(size / HALVED));
  throw new Error(`--size is a multiple of ${HALVED} for ${network}, such as ${near}, not ${size}`);
}

function baseSettings(network: string, hasData: boolean, { preset, init }: SettingOptions): TrainSettings {
  const anyFaces = hasData ? 'plain' : 'quick';
  if (Object.hasOwn(COURSE_SETTINGS, network)) {
    if (preset !== undefined)
      throw new Error(`--preset is not for ${network}, which has settings of its own`);
    return COURSE_SETTINGS[network];
  }
  if (network === 'lite' && preset === undefined && init === undefined) return LITE_FROM_NOTHING[anyFaces];
  const name = preset ?? anyFaces;
  if (!Object.hasOwn(PRESETS, name)) {
    throw new Error(`unknown preset "${name}". Should be one of: ${Object.keys(PRESETS).join(', ')}`);
  }
  return PRESETS[name as PresetName];
}

/** The settings with what the data decide: their points, and how many steps show every face once. */
export function fitToData(settings: TrainSettings, schema: LandmarkSchema, faces: number): TrainSettings {
  const { stepsPerEpoch, batch } = settings;
  return {
    ...(schema.name === IBUG68.name ? settings : { ...withoutLids(settings), schema }),
    stepsPerEpoch: stepsPerEpoch === ONCE_THROUGH ? Math.ceil(faces / batch) : stepsPerEpoch,
  };
}

/**
 * Crops are as large as faces, of which single points tell nothing: training on them would see no more than a grey.
 * @throws Error saying what would do
 */
export function checkSizes(
  network: string,
  { picture, cropFactor }: TrainSettings,
  samples: readonly Sample[],
): void {
  const faces = samples.filter(({ points }) => points);
  if (picture || faces.length === 0 || faces.some((face) => faceRegion(face, cropFactor).size > 0)) return;
  throw new Error(
    `${network} looks at crops as large as the face, and these faces have one point each: give --network nose or face58, which take whole pictures, or the "box" of each face in annotations.jsonl`,
  );
}

/** Without what moves or measures lids and lips by their number among iBUG's points, which in others may be anything. */
function withoutLids(settings: TrainSettings): TrainSettings {
  const { augmentation, loss, phases } = settings;
  return {
    ...settings,
    augmentation: { ...augmentation, blink: 0 },
    loss: { ...loss, opening: undefined },
    phases: phases.map((phase) =>
      phase.augmentation ? { ...phase, augmentation: { ...phase.augmentation, blink: 0 } } : phase,
    ),
  };
}

/** Above it, engines without TensorFlow take long: on wasm, one core, 10 s a step of 8 at 10000 units, 6.5 s at 2000. */
const WIDE = 2000;

/**
 * Whether the engine can hold face58's widest layer.
 * @returns a line for people where it can, but slowly
 * @throws Error when it cannot, saying what would do
 */
export function checkWidth({ width = 0 }: TrainSettings, engine: Engine): string | undefined {
  const limit = bufferLimit(engine);
  const bytesOfUnit = 4 * FACE58_FEATURES;
  if (width * bytesOfUnit > limit) {
    throw new Error(
      `a layer of ${width} units is too heavy for the engine ${engine.name}, which holds ${Math.floor(limit / 2 ** 20)} MiB in a piece: give --width ${Math.floor(limit / bytesOfUnit)} or less, or another --engine`,
    );
  }
  if (width <= WIDE || engine.name === 'node' || engine.name === 'node-gpu') return undefined;
  return `a layer of ${width} units is heavy for the engine ${engine.name}: --width ${WIDE} is a fifth of the weights, and \`npm run setup:native\` many times as fast`;
}

/** Bytes that a tensor may have. */
function bufferLimit({ name, tf }: Engine): number {
  if (name !== 'webgpu') return Infinity;
  const { device } = tf.backend() as unknown as { readonly device?: GPUDevice };
  return device?.limits.maxStorageBufferBindingSize ?? Infinity;
}
