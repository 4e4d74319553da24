import type { BackendName } from 'face-keypoints';

/** Numbers as they are shown. */
export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
export const milliseconds = (ms: number): string => (ms ? ms.toFixed(ms < 10 ? 1 : 0) : '–');
export const percent = (part: number): string => (100 * part).toFixed(0);

export const BACKENDS: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
};
/** What is so. Why another did not come first is not known: it may be missing, in software, or not asked for. */
export const BACKEND_WORDS: Record<BackendName, string> = {
  webgpu: 'on the graphics chip',
  webgl: 'on the graphics chip, without WebGPU',
  wasm: 'on the processor; no graphics chip is used',
};
