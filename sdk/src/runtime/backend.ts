/** The backends by name, and what is said of them before any is started. */

/** In the order in which `auto` tries them. */
export const BACKENDS = ['webgpu', 'webgl', 'wasm'] as const;
export type BackendName = (typeof BACKENDS)[number];
export type BackendOption = BackendName | 'auto';

/** The wasm binaries' addresses (URL), where a build has renamed them: without and with SIMD, and with threads as well. */
export type WasmFiles = Readonly<
  Record<
    'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm',
    string
  >
>;
