import { startCpu } from './cpu.ts';
import type { Engine, EngineName } from './engine.ts';
import { startNative } from './native.ts';
import { EngineUnavailable } from './unavailable.ts';
import { startWasm } from './wasm.ts';
import { startWebGpu } from './webgpu.ts';

/** In this order; `--engine` names another where a graphics card and TensorFlow on the processor are both there. */
const ORDER: readonly EngineName[] = ['node-gpu', 'node', 'webgpu', 'wasm', 'cpu'];

/** Those whose results can be read while one waits; WebGPU gives them later. */
export const READ_AT_ONCE: readonly EngineName[] = ['node-gpu', 'node', 'wasm', 'cpu'];

/**
 * Starts the engine that is named, or else the first that works.
 * @param log gets a line where an engine is passed over for a reason worth knowing
 * @param among engines that will do, the first of them first; all by default
 * @throws EngineUnavailable when the named engine cannot start; it is never replaced silently
 */
export async function startEngine(
  name: EngineName | undefined,
  log: (line: string) => void,
  among: readonly EngineName[] = ORDER,
): Promise<Engine> {
  if (name && !among.includes(name))
    throw new EngineUnavailable(`${name} does not do this; choose one of: ${among.join(', ')}`);
  if (name) return start(name, true);
  for (const candidate of among) {
    try {
      const engine = await start(candidate, false);
      if (engine.name === 'wasm' || engine.name === 'cpu') {
        log(`computing on ${engine.name}; \`npm run setup:native\` installs TensorFlow, many times as fast`);
      }
      return engine;
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      const next = among[among.indexOf(candidate) + 1];
      if (next && !/is not installed/.test(error.message))
        log(`${candidate}: ${error.message}; trying ${next}`);
    }
  }
  throw new EngineUnavailable('no engine starts here');
}

function start(name: EngineName, named: boolean): Promise<Engine> {
  switch (name) {
    case 'node-gpu':
      return startNative(true);
    case 'node':
      return startNative(false);
    case 'webgpu':
      return startWebGpu(named);
    case 'wasm':
      return startWasm();
    case 'cpu':
      return startCpu();
  }
}
