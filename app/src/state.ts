import type { BackendName, Face } from 'face-keypoints';
import type { Batch } from './batch.ts';
import type { Settings } from './settings.ts';

/** What is looked at. */
export type Input =
  | { readonly kind: 'none' }
  | { readonly kind: 'camera' }
  | { readonly kind: 'example' }
  | { readonly kind: 'file'; readonly file: File };

/** `asking`: the browser's question about the camera is open. `loading`: models or input are on their way. */
export type Phase = 'idle' | 'asking' | 'loading' | 'running';

export const TABS = ['measures', 'view', 'save', 'model'] as const;
export type Tab = (typeof TABS)[number];

/** What failed: a `FaceKeypointsError`, or one of the page's own. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** Name of the file that it is about, where it is about one. */
  readonly file?: string;
}

/** What is seen now, and figures: medians of the last frames, where nothing else is said. */
export interface Live {
  readonly faces: readonly Face[];
  /** Of the picture, px. */
  readonly width: number;
  readonly height: number;
  /** Pictures a second; 0 for a still. */
  readonly fps: number;
  /** When the detector ran last, in whichever frame; 0: not yet. */
  readonly detectMs: number;
  readonly landmarkMs: number;
  /** Of both together. */
  readonly totalMs: number;
  readonly backend: BackendName | undefined;
  /** Whether it is computed beside the page's own thread. */
  readonly worker: boolean;
  /** How far a resting face's points move from frame to frame, newest last; % of the eye distance. */
  readonly jitter: readonly number[];
}

/** A table's results, or a recording. */
export type Unsaved = 'results' | 'recording';

/** A person's own model that has no name. */
export const UNNAMED = 'Your model';

export interface ModelInfo {
  /** As its metadata says. */
  readonly name: string;
  /** A person's own, not the one that came with the page. */
  readonly own: boolean;
  /** Markdown. */
  readonly card: string | undefined;
}

/** Two models on the same frames. */
export interface Comparison {
  readonly ms: number;
  /** Mean distance of the two models' points, % of the eye distance. */
  readonly difference: number | undefined;
}

export interface CameraChoice {
  readonly id: string;
  readonly label: string;
}

export interface State {
  readonly input: Input;
  readonly phase: Phase;
  /** Whether the browser will ask before it gives the camera. */
  readonly cameraAllowed: boolean;
  /** Bytes of the models. */
  readonly progress: { readonly loaded: number; readonly total: number } | undefined;
  readonly problem: Problem | undefined;
  readonly live: Live;
  /** Of the face that a person chose among several. */
  readonly faceId: number | undefined;
  /** No face for longer than a moment. */
  readonly nobody: boolean;
  readonly dark: boolean;
  readonly cameras: readonly CameraChoice[];
  /** Which of them runs, ran last, or has been chosen since; the browser chooses where nobody has. */
  readonly cameraId: string | undefined;
  readonly mirror: boolean;
  readonly settings: Settings;
  readonly tab: Tab | undefined;
  readonly model: ModelInfo;
  readonly comparison: Comparison | undefined;
  readonly recording: { readonly active: boolean; readonly frames: number; readonly ms: number };
  readonly batch: Batch | undefined;
  /** What would be lost, and whether it may; asked before it is. */
  readonly question: Unsaved | undefined;
  /** How much of the table and of the recording a person has taken home. */
  readonly saved: { readonly results: number; readonly frames: number };
  readonly dropping: boolean;
  /** A model of one's own is being tried, while what is open goes on. */
  readonly trying: boolean;
  /** What was wrong with the files brought last; said beside what is open, until it is dismissed. */
  readonly remark: Problem | undefined;
  readonly online: boolean;
  /** Everything is on this device: the page works offline. */
  readonly kept: boolean;
  readonly installable: boolean;
  readonly updateReady: boolean;
}

export const NO_LIVE: Live = {
  faces: [],
  width: 0,
  height: 0,
  fps: 0,
  detectMs: 0,
  landmarkMs: 0,
  totalMs: 0,
  backend: undefined,
  worker: false,
  jitter: [],
};

export function initialState(settings: Settings): State {
  return {
    input: { kind: 'none' },
    phase: 'idle',
    cameraAllowed: false,
    progress: undefined,
    problem: undefined,
    live: NO_LIVE,
    faceId: undefined,
    nobody: false,
    dark: false,
    cameras: [],
    cameraId: settings.deviceId,
    mirror: false,
    settings,
    tab: undefined,
    model: { name: settings.model === 'lite' ? 'lite' : 'resnet18', own: false, card: undefined },
    comparison: undefined,
    recording: { active: false, frames: 0, ms: 0 },
    batch: undefined,
    question: undefined,
    saved: { results: 0, frames: 0 },
    dropping: false,
    trying: false,
    remark: undefined,
    online: navigator.onLine,
    kept: false,
    installable: false,
    updateReady: false,
  };
}

/** Of each kind, how much this page holds that is nowhere else. */
export const unsaved = ({ batch, recording, saved }: State): Readonly<Record<Unsaved, number>> => ({
  results: Math.max(0, resultsOf(batch) - saved.results),
  recording: Math.max(0, recording.frames - saved.frames),
});

export function hasUnsavedWork(state: State): boolean {
  const { results, recording } = unsaved(state);
  return results > 0 || recording > 0;
}

/** Pictures of a table that faces were looked for in: what its files hold. */
export const resultsOf = (batch: Batch | undefined): number =>
  batch ? batch.items.filter(({ status }) => status === 'done').length : 0;

export const isShowing = ({ input }: State): boolean => input.kind !== 'none';
export const isLive = ({ input }: State): boolean =>
  input.kind === 'camera' || (input.kind === 'file' && input.file.type.startsWith('video/'));
