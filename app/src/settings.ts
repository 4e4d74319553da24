import { DEFAULT_SMOOTHING, type ModelName, type OverlayStyle } from 'face-keypoints';

/** What a person chose, kept from visit to visit. */
export const RESOLUTIONS = {
  vga: { label: '640 × 480', width: 640, height: 480 },
  hd: { label: '1280 × 720', width: 1280, height: 720 },
  'full-hd': { label: '1920 × 1080', width: 1920, height: 1080 },
} as const;
export type Resolution = keyof typeof RESOLUTIONS;

/** In the words of the element's attribute, so that what was tried here is found again in the documentation. */
export const OVERLAYS = {
  contours: 'Contours',
  points: 'Points',
  mesh: 'Mesh',
  spread: 'Spread',
  none: 'None',
} as const satisfies Record<OverlayStyle, string>;
export type Overlay = OverlayStyle;

/** The models that come with the page. */
export const MODELS = {
  auto: 'Automatic',
  resnet18: 'Accurate (ResNet-18)',
  lite: 'Light',
} as const satisfies Record<'auto' | ModelName, string>;
export type Model = keyof typeof MODELS;

/** Where a person would ask what it is. */
export const OVERLAY_WORDS: Partial<Record<Overlay, string>> = {
  spread: 'A circle for each point: nine times in ten its true place lies inside.',
};

/** 0: off; 10: steadiest. */
export const SMOOTHING_STEPS = 10;
export const MAX_FACES = [1, 2, 4, 8] as const;

export interface Settings {
  readonly overlay: Overlay;
  readonly deviceId: string | undefined;
  readonly resolution: Resolution;
  readonly maxFaces: number;
  readonly smoothing: number;
  readonly model: Model;
}

const KEY = 'settings';
const DEFAULTS: Settings = {
  overlay: 'contours',
  deviceId: undefined,
  resolution: 'vga',
  maxFaces: 1,
  smoothing: 5,
  model: 'auto',
};

export function loadSettings(): Settings {
  try {
    return check(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Settings, unknown>>);
  } catch {
    return DEFAULTS; // a private window, or not ours
  }
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They hold for this visit.
  }
}

/** What an older or a newer version has kept may not fit. */
function check(kept: Partial<Record<keyof Settings, unknown>>): Settings {
  const { overlay, deviceId, resolution, maxFaces, smoothing, model } = kept;
  return {
    overlay: typeof overlay === 'string' && overlay in OVERLAYS ? (overlay as Overlay) : DEFAULTS.overlay,
    deviceId: typeof deviceId === 'string' ? deviceId : undefined,
    resolution:
      typeof resolution === 'string' && resolution in RESOLUTIONS
        ? (resolution as Resolution)
        : DEFAULTS.resolution,
    maxFaces: MAX_FACES.find((count) => count === maxFaces) ?? DEFAULTS.maxFaces,
    smoothing:
      typeof smoothing === 'number' && smoothing >= 0 && smoothing <= SMOOTHING_STEPS
        ? smoothing
        : DEFAULTS.smoothing,
    model: typeof model === 'string' && model in MODELS ? (model as Model) : DEFAULTS.model,
  };
}

/** The slider's step as the filter's options: each step lowers the cutoff of a resting point by a quarter; 5 is the default. */
export function smoothingOptions(step: number): false | { minCutoff: number } {
  return step === 0 ? false : { minCutoff: DEFAULT_SMOOTHING.minCutoff * 0.76 ** (step - 5) };
}
