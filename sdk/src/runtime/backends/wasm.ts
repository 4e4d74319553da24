import { ownWasm } from '../../assets.ts';
import type { WasmFiles } from '../backend.ts';
import { inNode } from '../environment.ts';
import type { Tf } from '../tf.ts';
import { use, type RunningBackend, type StartOptions } from './running.ts';

const NAMES = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
] as const satisfies readonly (keyof WasmFiles)[];

/**
 * tfjs's map of addresses, which it keeps by reference: after a start that failed it takes no other, and a folder named
 * later would not win over it. So it gets this one, once, and what changes are its entries.
 */
const files: Partial<Record<keyof WasmFiles, string>> = {};
let handedOver = false;

export async function startWasm(tf: Tf, { wasmPath, threads }: StartOptions): Promise<RunningBackend> {
  if (typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not supported or not allowed');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  for (const name of NAMES) delete files[name];
  // In Node, tfjs finds the files of its own package.
  if (wasmPath !== undefined || !inNode()) {
    Object.assign(files, toWasmFiles(wasmPath ?? ownWasm()));
    if (!handedOver) setWasmPaths(files as WasmFiles);
    handedOver = true;
  }
  // tfjs hangs where its threads cannot start. In Node it has none.
  if (!inNode()) {
    const allowed = threads && globalThis.crossOriginIsolated && (await blobScriptsAllowed());
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', allowed);
  }
  await use(tf, 'wasm');
  return { waiting: new Set() };
}

/** Each file's address; the loader in Node wants a path rather than a file: URL. @throws Error where one is missing */
function toWasmFiles(path: string | WasmFiles): WasmFiles {
  const addressOf = (name: keyof WasmFiles): string => {
    const url = typeof path === 'string' ? `${path.replace(/\/$/, '')}/${name}` : path[name];
    if (!url) throw new Error(`wasmPath has no address of ${name}`);
    return url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url;
  };
  return Object.fromEntries(NAMES.map((name) => [name, addressOf(name)])) as WasmFiles;
}

/** Tries what tfjs will do: a worker from a blob: URL that loads a script from another one. */
async function blobScriptsAllowed(): Promise<boolean> {
  if (typeof Worker === 'undefined') return false;
  const urlOf = (code: string): string => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const inner = urlOf('postMessage(1)');
  const outer = urlOf(`importScripts(${JSON.stringify(inner)})`);
  let worker: Worker | undefined;
  try {
    const probe = (worker = new Worker(outer));
    return await new Promise<boolean>((resolve) => {
      probe.onmessage = () => resolve(true);
      probe.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
      setTimeout(() => resolve(false), 2000);
    });
  } catch {
    return false;
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(inner);
    URL.revokeObjectURL(outer);
  }
}
