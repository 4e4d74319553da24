import type { FaceKeypointsError } from 'face-keypoints';

/** What the button under an error message does. */
export type Remedy = 'camera' | 'open' | 'example' | 'restart' | 'reload' | 'wasm';

export interface Advice {
  readonly text: string;
  readonly button: string;
  readonly remedy: Remedy;
}

type Code = FaceKeypointsError['code'];

/** Each way of failing as a sentence and the one button that helps. */
const ADVICE: Partial<Record<Code, Advice>> = {
  'camera-denied': {
    text: 'The camera is blocked for this page. Allow it in the address bar (the icon left of the address) or in the settings of your browser, then try again.',
    button: 'Try again',
    remedy: 'camera',
  },
  'camera-missing': {
    text: 'No camera was found. Connect one, or open a picture or a video instead.',
    button: 'Open a picture',
    remedy: 'open',
  },
  'camera-busy': {
    text: 'Another program uses the camera. Close it, then try again.',
    button: 'Try again',
    remedy: 'camera',
  },
  'insecure-context': {
    text: 'Browsers give the camera only to pages from https or localhost. Pictures and videos work here too.',
    button: 'Open a picture',
    remedy: 'open',
  },
  'input-invalid': {
    text: 'This file is not a picture or video that your browser can show. JPEG, PNG, WebP, MP4 and WebM work.',
    button: 'Open another',
    remedy: 'open',
  },
  'model-missing': {
    text: 'The model could not be loaded: it is not on the server, or you are offline.',
    button: 'Try again',
    remedy: 'restart',
  },
  'model-corrupt': {
    text: 'The model arrived damaged. Loading it once more usually helps.',
    button: 'Load again',
    remedy: 'reload',
  },
  'model-unsupported': {
    text: 'This model is of a kind that the page cannot run: it needs a tfjs graph model with 68 points, as “npm run export” writes it.',
    button: 'Use the built-in model',
    remedy: 'reload',
  },
  'backend-unavailable': {
    text: 'Neither WebGPU nor WebGL nor WebAssembly could start. An up-to-date browser has at least the last one.',
    button: 'Try WebAssembly',
    remedy: 'wasm',
  },
  'device-lost': {
    text: 'The graphics chip stopped working for this page. That happens after sleep or a driver update.',
    button: 'Restart',
    remedy: 'restart',
  },
};

export function adviceFor(error: { code?: string; message?: string }): Advice {
  return (
    ADVICE[error.code as Code] ?? {
      text: `Something failed that should not: ${error.message ?? 'no reason given'}`,
      button: 'Load the page again',
      remedy: 'reload',
    }
  );
}
