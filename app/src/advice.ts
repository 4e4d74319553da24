import type { Problem } from './state.ts';

/** What the button under a message does. */
export type Remedy = 'camera' | 'open' | 'restart' | 'reload' | 'wasm' | 'built-in-model';

export interface Advice {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly remedy: Remedy;
}

/** Each way of failing as a sentence and the one button that helps. */
const ADVICE: Record<string, Advice> = {
  'camera-missing': {
    title: 'No camera',
    text: 'No camera was found, or it was unplugged. Connect one and start again, or open a picture or a video.',
    button: 'Open a picture',
    remedy: 'open',
  },
  'camera-busy': {
    title: 'The camera is in use',
    text: 'Another program or tab holds the camera. Close it there, then try again.',
    button: 'Try again',
    remedy: 'camera',
  },
  'insecure-context': {
    title: 'No camera on this address',
    text: 'Browsers give the camera only to pages from https or localhost. Pictures and videos work here too.',
    button: 'Open a picture',
    remedy: 'open',
  },
  'input-invalid': {
    title: 'This file does not open',
    text: 'This is not a picture or video that your browser can show. JPEG, PNG, WebP, MP4 and WebM work.',
    button: 'Open another',
    remedy: 'open',
  },
  'model-missing': {
    title: 'The model did not arrive',
    text: 'It could not be loaded from the server of this page. Check the connection, then try again.',
    button: 'Try again',
    remedy: 'restart',
  },
  offline: {
    title: 'You are offline',
    text: 'What this needs is not on this device yet. Connect once, until all of it is here; then it works offline.',
    button: 'Try again',
    remedy: 'restart',
  },
  'model-corrupt': {
    title: 'The model arrived damaged',
    text: 'Its checksum is not the one that it should have. Loading it once more usually helps.',
    button: 'Load again',
    remedy: 'reload',
  },
  'folder-empty': {
    title: 'Nothing to open in there',
    text: 'No picture, video or model was found. JPEG, PNG, WebP, MP4 and WebM work.',
    button: 'Open another',
    remedy: 'open',
  },
  'inputs-invalid': {
    title: 'These files do not open',
    text: 'None of them is a picture that your browser can show. JPEG, PNG and WebP work.',
    button: 'Open others',
    remedy: 'open',
  },
  'example-missing': {
    title: 'The example did not arrive',
    text: 'It could not be loaded from the server of this page. Check the connection, then try again.',
    button: 'Try again',
    remedy: 'restart',
  },
  'model-unsupported': {
    title: 'This model does not run here',
    text: 'The page needs a tfjs graph model with 68 points: model.json and all its weight files, as “npm run export” writes them.',
    button: 'Use the built-in model',
    remedy: 'built-in-model',
  },
  'backend-unavailable': {
    title: 'Nothing to compute with',
    text: 'Neither WebGPU nor WebGL nor WebAssembly could start. An up-to-date browser has at least the last one.',
    button: 'Try WebAssembly',
    remedy: 'wasm',
  },
  'batch-stopped': {
    title: 'The work on the pictures stopped',
    text: 'What is done stays in the table. “Go on” there tries the others.',
    button: 'Restart',
    remedy: 'restart',
  },
  'device-lost': {
    title: 'The graphics chip stopped',
    text: 'It no longer works for this page. That happens after sleep or a driver update; a restart helps.',
    button: 'Restart',
    remedy: 'restart',
  },
};

export function adviceFor(
  { code, message, file }: Problem,
  online: boolean,
  browser = browserName(),
  installed = isInstalled(),
): Advice {
  if (code === 'camera-denied') {
    const title = 'The camera is blocked';
    const how = (installed ? HOW_TO_ALLOW_INSTALLED : HOW_TO_ALLOW)[browser];
    return { title, text: `${how} Then try again.`, button: 'Try again', remedy: 'camera' };
  }
  if (code === 'model-incomplete')
    return {
      title: 'A file of the model is missing',
      text: message,
      button: 'Open all of them',
      remedy: 'open',
    };
  if (code === 'input-invalid' && file)
    return { ...ADVICE[code], text: ADVICE[code].text.replace('This', () => `“${file}”`) };
  const offline = !online && /^(model|example)-missing$/.test(code);
  return (
    ADVICE[offline ? 'offline' : code] ?? {
      title: 'Something failed that should not',
      text: message || 'No reason was given.',
      button: 'Load the page again',
      remedy: 'reload',
    }
  );
}

export type BrowserName = 'ios' | 'safari' | 'firefox' | 'android' | 'chromium';

/** Where each browser hides the permission. */
const HOW_TO_ALLOW: Record<BrowserName, string> = {
  ios: 'Tap “aA” or the page icon left of the address, choose Website Settings, and set Camera to Allow.',
  safari: 'In the menu Safari, choose Settings for This Website, and set Camera to Allow.',
  firefox: 'Click the crossed-out camera left of the address, and remove the block.',
  android: 'Tap the icon left of the address, choose Permissions, and allow the camera.',
  chromium: 'Click the icon left of the address, and switch Camera on.',
};

/** The same for an installed page, which has no address bar. */
const HOW_TO_ALLOW_INSTALLED: Record<BrowserName, string> = {
  ios: 'Close the app and open it again: it asks anew. If it does not, allow Safari the camera in the Settings of this device.',
  safari: 'In System Settings, choose Privacy & Security, Camera, and allow it for this app.',
  firefox:
    'Open this page in Firefox itself, click the crossed-out camera left of the address, and remove the block.',
  android: 'Hold the app’s icon on the home screen, choose its site settings, and allow the camera.',
  chromium: 'Open the menu ⋮ in the title bar, choose App info, and switch Camera on.',
};

/** In a window of its own, without the browser's bars. */
const isInstalled = (): boolean => globalThis.matchMedia?.('(display-mode: standalone)').matches ?? false;

/** Only for words: nothing that works depends on it. */
export function browserName(agent: string = navigator.userAgent): BrowserName {
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  if (/Firefox\//.test(agent)) return 'firefox';
  if (/Android/.test(agent)) return 'android';
  return /Safari\//.test(agent) && !/Chrom/.test(agent) ? 'safari' : 'chromium';
}
