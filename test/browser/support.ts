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

/** An element on wasm with this project's own files; `fields` are its properties. */
export function createElement(fields: Partial<FaceKeypointsElement> = {}): FaceKeypointsElement {
  const element = document.createElement('face-keypoints');
  // The error event bubbles, and the test framework takes any `error` that reaches the window for a crash.
  element.addEventListener('error', (event) => event.stopPropagation());
  Object.assign(element, { detector: DETECTOR, model: MODEL, wasmPath: WASM, backend: 'wasm' }, fields);
  return element;
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
