import { ownWasm } from '../../assets.ts';
import type { WasmFiles } from '../backend.ts';
import { inNode } from '../environment.ts';
import type { Tf } from '../tf.ts';
import { use, type RunningBackend, type StartOptions } from './running.ts';

export async function startWasm(tf: Tf, { wasmPath, threads }: StartOptions): Promise<RunningBackend> {
  if (typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not supported or not allowed');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // In Node, tfjs finds the files of its own package.
  if (wasmPath !== undefined || !inNode()) setWasmPaths(toWasmPaths(wasmPath ?? ownWasm()));
  // tfjs hangs where its threads cannot start. In Node it has none.
  if (!inNode()) {
    const allowed = threads && globalThis.crossOriginIsolated && (await blobScriptsAllowed());
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', allowed);
  }
  await use(tf, 'wasm');
  return { waiting: new Set() };
}

/** tfjs appends the files' names to a folder; its loader in Node wants a path rather than a file: URL. */
function toWasmPaths(path: string | WasmFiles): string | WasmFiles {
  const local = (url: string): string =>
    url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url;
  if (typeof path === 'string') return local(path.endsWith('/') ? path : `${path}/`);
  return Object.fromEntries(Object.entries(path).map(([name, url]) => [name, local(url)])) as WasmFiles;
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
