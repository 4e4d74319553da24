/** What each property may hold, and what a change of it means for the work. */
import type { PropertyValues } from 'lit';
import { RESOLUTIONS, type CameraResolution } from '../input/camera.ts';
import { BACKENDS, type BackendOption } from '../runtime/backend.ts';
import { choice, count, flag, model, optional, smoothing, type Parser } from './attributes.ts';
import type { Input } from './media/open.ts';
import { OVERLAY_STYLES } from '../drawing/overlay.ts';

/** Of those attributes that are neither plain text nor present-or-not. */
export const CONVERTERS = {
  facingMode: choice('facing-mode', ['user', 'environment']),
  resolution: choice('resolution', Object.keys(RESOLUTIONS) as [CameraResolution, ...CameraResolution[]]),
  maxFaces: count('max-faces', 1),
  smoothing: smoothing('smoothing'),
  overlay: choice('overlay', OVERLAY_STYLES),
  backend: choice<BackendOption>('backend', ['auto', ...BACKENDS]),
  worker: choice('worker', ['auto', 'off']),
  model: model('model'),
};

const PARSERS: Readonly<Record<string, Parser<unknown>>> = {
  ...CONVERTERS,
  camera: flag,
  mirror: flag,
  paused: flag,
  threads: flag,
  src: optional,
  source: optional,
  deviceId: optional,
  detector: optional,
  assets: optional,
  wasmPath: optional,
};

/** Brings what was set to properties into the form that the types promise; attributes have been there already. */
export function parseProperties(element: object, changed: PropertyValues): void {
  for (const [name, parse] of Object.entries(PARSERS)) {
    if (changed.has(name)) Reflect.set(element, name, parse(Reflect.get(element, name)));
  }
}

export type InputKind = Input['kind'] | 'none';

/** Properties that matter to one kind of input alone. */
const OF_INPUT: Readonly<Record<InputKind, readonly string[]>> = {
  source: ['source'],
  camera: ['facingMode', 'deviceId', 'resolution'],
  src: ['src'],
  none: [],
};
const OF_MODELS = ['model', 'detector', 'assets', 'wasmPath', 'backend', 'worker', 'threads'];
const OF_TRACKING = ['maxFaces', 'smoothing'];

/** What has to be done about changed properties; `overlay` and `mirror` need no more than drawing. */
export interface Effects {
  /** Another input. */
  readonly input: boolean;
  /** Other models. */
  readonly models: boolean;
  /** The same models, to be worked with otherwise. */
  readonly tracking: boolean;
  readonly paused: boolean;
}

export function effectsOf(changed: PropertyValues, before: InputKind, now: InputKind): Effects {
  const any = (names: readonly string[]): boolean => names.some((name) => changed.has(name));
  return {
    input: before !== now || any(OF_INPUT[now]),
    models: any(OF_MODELS),
    tracking: any(OF_TRACKING),
    paused: changed.has('paused'),
  };
}
