/** What each property may hold, and what a change of it means for the work. */
import type { PropertyValues } from 'lit';
import { RESOLUTIONS, type CameraResolution } from '../input/camera.ts';
import { BACKENDS, type BackendOption } from '../runtime/backend.ts';
import { DEFAULT_SMOOTHING } from '../smoothing/one-euro.ts';
import { choice, count, flag, model, optional, smoothing, type Parser } from './attributes.ts';
import type { Input } from './media/open.ts';
import { OVERLAY_STYLES } from '../drawing/overlay.ts';

/** Of those attributes that are not plain text. */
export const CONVERTERS = {
  camera: flag,
  facingMode: choice('facing-mode', ['user', 'environment']),
  resolution: choice('resolution', Object.keys(RESOLUTIONS) as [CameraResolution, ...CameraResolution[]]),
  maxFaces: count('max-faces', 1),
  smoothing: smoothing('smoothing'),
  mirror: flag,
  overlay: choice('overlay', OVERLAY_STYLES),
  paused: flag,
  backend: choice<BackendOption>('backend', ['auto', ...BACKENDS]),
  worker: choice('worker', ['auto', 'off']),
  model: model('model'),
  threads: flag,
};

const PARSERS: Readonly<Record<string, Parser<unknown>>> = {
  ...CONVERTERS,
  src: optional,
  source: optional,
  deviceId: optional,
  detector: optional,
  assets: optional,
  wasmPath: optional,
};

/**
 * Brings what was set to properties into the form that the types promise; attributes have been there already. What then
 * says the same as before counts as no change: frameworks set text, `undefined` and new objects with each rendering.
 */
export function parseProperties(element: object, changed: PropertyValues): void {
  for (const [name, parse] of Object.entries(PARSERS)) {
    if (!changed.has(name)) continue;
    const given: unknown = Reflect.get(element, name);
    const parsed = parse(given);
    // A copy of its own: one that its giver changes later would hide that change.
    const value = isOptions(parsed) ? Object.freeze({ ...parsed }) : parsed;
    Reflect.set(element, name, value);
    const before = changed.get(name);
    // Left and taken up again is a change: so an input is opened anew.
    if (!Object.is(given, before) && isSame(value, before)) changed.delete(name);
  }
}

/** Keys of the objects that are told apart by what they hold: options of the filter, models by backend. */
const OPTION_KEYS: readonly string[] = [...Object.keys(DEFAULT_SMOOTHING), ...BACKENDS];

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  if (!isOptions(a) || !isOptions(b)) return Object.is(a, b);
  return Object.keys({ ...a, ...b }).every((key) => isSame(a[key], b[key]));
}

const isOptions = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.keys(value).every((key) => OPTION_KEYS.includes(key));

export type InputKind = Input['kind'] | 'none';

const OF_CAMERA = ['facingMode', 'deviceId', 'resolution'];
const OF_MODELS = ['model', 'detector', 'assets', 'wasmPath', 'backend', 'worker', 'threads'];
const OF_TRACKING = ['maxFaces', 'smoothing'];

/** What has to be done about changed properties; `overlay` and `mirror` need no more than drawing. */
export interface Effects {
  /** Another input: that starts, also after a stop. */
  readonly input: boolean;
  /** The camera as before, with other options. After a stop none of them may light it up again. */
  readonly camera: boolean;
  /** Other models. */
  readonly models: boolean;
  /** The same models, to be worked with otherwise. */
  readonly tracking: boolean;
  /** Of that, what a still shows; one is never smoothed. */
  readonly still: boolean;
  readonly paused: boolean;
}

export function effectsOf(changed: PropertyValues, before: InputKind, now: InputKind): Effects {
  const any = (names: readonly string[]): boolean => names.some((name) => changed.has(name));
  return {
    // Of the camera only whether there is one; of the others also which.
    input: before !== now || changed.has(now),
    camera: now === 'camera' && any(OF_CAMERA),
    models: any(OF_MODELS),
    tracking: any(OF_TRACKING),
    still: changed.has('maxFaces'),
    paused: changed.has('paused'),
  };
}
