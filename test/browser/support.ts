import '../../sdk/src/define.ts';
import type { FaceKeypointsElement, FaceKeypointsEventDetails } from '../../sdk/src/define.ts';

/** Served by the test runner from the project's root. */
export const DETECTOR = '/dist/models/blazeface/model.json';
export const MODEL = '/dist/models/resnet18/model.json';
export const WASM = '/dist/wasm/';
export const PICTURE = '/public/example.jpg';

export const hasModel = (await fetch(MODEL, { method: 'HEAD' })).ok;

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function equal<T>(actual: T, expected: T, what = 'value'): void {
  assert(Object.is(actual, expected), `${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** This project's own files, on wasm and the page's own thread. */
export const OPTIONS = {
  detector: DETECTOR,
  model: MODEL,
  wasmPath: WASM,
  backend: 'wasm',
  worker: 'off',
} as const;

/** An element on wasm with this project's own files; `fields` are its properties. */
export function createElement(fields: Partial<FaceKeypointsElement> = {}): FaceKeypointsElement {
  const element = document.createElement('face-keypoints');
  return Object.assign(element, OPTIONS, fields);
}

/** The next event's detail. An error ends the wait, unless it is what is waited for. */
export function next<K extends keyof FaceKeypointsEventDetails>(
  element: FaceKeypointsElement,
  type: K,
  timeout = 30_000,
): Promise<FaceKeypointsEventDetails[K]> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const { signal } = ended;
    const timer = setTimeout(() => reject(new Error(`no ${type} event in ${timeout} ms`)), timeout);
    const settle = (run: () => void): void => {
      clearTimeout(timer);
      ended.abort();
      run();
    };
    const detail = (event: Event): unknown => (event as CustomEvent).detail;
    element.addEventListener(
      type,
      (event) => settle(() => resolve(detail(event) as FaceKeypointsEventDetails[K])),
      { signal },
    );
    if (type !== 'error')
      element.addEventListener('error', (event) => settle(() => reject(detail(event))), { signal });
  });
}

export async function picture(url = PICTURE): Promise<Blob> {
  return (await fetch(url)).blob();
}

/** The example, moving a little, as a stream of 20 frames a second. */
export async function movingPicture(): Promise<{
  canvas: HTMLCanvasElement;
  stream: MediaStream;
  end: () => void;
}> {
  const image = await createImageBitmap(await picture());
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 240 });
  const draw = (): void => canvas.getContext('2d')!.drawImage(image, Math.random() * 2, 0, 240, 240);
  draw();
  const timer = setInterval(draw, 50);
  return { canvas, stream: canvas.captureStream(20), end: () => clearInterval(timer) };
}

/** The same as a video file of 0.7 s. */
export async function recording(): Promise<Blob> {
  const { stream, end } = await movingPicture();
  const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  await sleep(700);
  recorder.stop();
  await stopped;
  end();
  return new Blob(parts, { type: 'video/webm' });
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean, what: string, timeout = 10_000): Promise<void> {
  const end = performance.now() + timeout;
  while (!holds()) {
    assert(performance.now() < end, `${what}: not within ${timeout} ms`);
    await sleep(10);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the console is warned of while `run` goes on. */
export async function warningsOf(run: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (...parts: unknown[]) => void warnings.push(parts.join(' '));
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}
