import type { Tensor, Tf } from '../tf.ts';

type Pipeline = GPUComputePipeline | Promise<GPUComputePipeline>;

/** With it tfjs begins to compile what an operation needs, and does not run it. */
const COMPILE_ONLY = 'WEBGPU_ENGINE_COMPILE_ONLY';

/**
 * Has the shaders of a computation compiled, all at once and beside everything else. tfjs has each compiled when it comes to it,
 * and as long as that takes the browser draws nothing, in no tab.
 * Call it while WebGPU is tfjs's current backend.
 * @throws what `compute` throws, and Error where one cannot be compiled
 */
export async function compileShaders(tf: Tf, compute: () => Tensor): Promise<void> {
  // tfjs keeps it to itself.
  const { pipelineCache } = tf.backend() as unknown as { pipelineCache: Record<string, Pipeline> };
  const known = new Set(Object.keys(pipelineCache));
  const compileOnly = tf.env().getBool(COMPILE_ONLY);
  let begun: (readonly [key: string, pipeline: Pipeline])[] = [];
  tf.env().set(COMPILE_ONLY, true);
  try {
    tf.tidy(() => void compute());
  } finally {
    tf.env().set(COMPILE_ONLY, compileOnly);
    begun = Object.entries(pipelineCache).filter(([key]) => !known.has(key));
    // tfjs fails where it meets one that is not ready, but not where there is none.
    for (const [key] of begun) delete pipelineCache[key];
    // Where `compute` has thrown nobody waits for them.
    void Promise.allSettled(begun.map(([, pipeline]) => pipeline));
  }
  await Promise.all(
    begun.map(async ([key, pipeline]) => {
      const compiled = await pipeline;
      pipelineCache[key] ??= compiled;
    }),
  );
}
