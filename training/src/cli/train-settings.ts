import type { LandmarkSchema } from '../datasets/schema.ts';
import { IBUG68 } from '../datasets/schema.ts';
import type { Engine } from '../engines/engine.ts';
import { FACE58_WIDTH } from '../models/face58.ts';
import {
  COURSE_SETTINGS,
  ONCE_THROUGH,
  PRESETS,
  type PresetName,
  type TrainSettings,
} from '../trainer/settings.ts';

/** The options that stand in place of a preset's, as text. */
export interface SettingOptions {
  readonly preset?: string;
  readonly epochs?: string;
  readonly steps?: string;
  readonly batch?: string;
  readonly size?: string;
  readonly rate?: string;
  readonly seed?: string;
  readonly width?: string;
}

/**
 * A new run's settings; what the data decide is left to `fitToData`.
 * @throws Error naming what is wrong with an option
 */
export function newSettings(network: string, hasData: boolean, options: SettingOptions): TrainSettings {
  const base = baseSettings(network, hasData, options.preset);
  if (options.size !== undefined && base.picture)
    throw new Error(`--size is for crops of faces; ${network} takes whole pictures`);
  if (options.width !== undefined && network !== 'face58') throw new Error('--width is for face58');
  const width = network === 'face58' ? positive('width', options.width, FACE58_WIDTH) : undefined;
  return {
    ...base,
    epochs: positive('epochs', options.epochs, base.epochs),
    stepsPerEpoch: positive('steps', options.steps, base.stepsPerEpoch),
    batch: positive('batch', options.batch, base.batch),
    size: positive('size', options.size, base.size),
    rate: positive('rate', options.rate, base.rate),
    seed: positive('seed', options.seed, base.seed),
    ...(width && { width }),
  };
}

function baseSettings(network: string, hasData: boolean, preset: string | undefined): TrainSettings {
  if (Object.hasOwn(COURSE_SETTINGS, network)) {
    if (preset !== undefined)
      throw new Error(`--preset is not for ${network}, which has settings of its own`);
    return COURSE_SETTINGS[network];
  }
  const name = preset ?? (hasData ? 'plain' : 'quick');
  if (!Object.hasOwn(PRESETS, name)) {
    throw new Error(`unknown preset "${name}". Should be one of: ${Object.keys(PRESETS).join(', ')}`);
  }
  return PRESETS[name as PresetName];
}

/** The settings with what the data decide: their points, and how many steps show every face once. */
export function fitToData(settings: TrainSettings, schema: LandmarkSchema, faces: number): TrainSettings {
  const { stepsPerEpoch, batch } = settings;
  return {
    ...settings,
    stepsPerEpoch: stepsPerEpoch === ONCE_THROUGH ? Math.ceil(faces / batch) : stepsPerEpoch,
    ...(schema.name !== IBUG68.name && { schema }),
  };
}

/** Widest layer of face58 that the engines in JavaScript hold: beyond it their memory or a day does not suffice. */
const WIDEST_WITHOUT_TENSORFLOW = 2000;

/** @throws Error when a layer is too wide for the engine, saying what would do */
export function checkWidth({ width }: TrainSettings, engine: Engine): void {
  if (width === undefined || width <= WIDEST_WITHOUT_TENSORFLOW) return;
  if (engine.name === 'node' || engine.name === 'node-gpu') return;
  throw new Error(
    `a layer of ${width} units is too heavy for the engine ${engine.name}: give --width ${WIDEST_WITHOUT_TENSORFLOW} or less, or install TensorFlow by \`npm run setup:native\``,
  );
}

/** @throws Error naming the option */
export function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} should be a number above zero, not "${text}"`);
  return value;
}
