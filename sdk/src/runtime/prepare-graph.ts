import type { PreparedGraph } from './integer/graph.ts';
import type { Runtime } from './runtime.ts';
import type { ModelArtifacts } from './tf.ts';

export type { PreparedGraph };

/** A graph as its backend computes it best. On the processor the convolutions are ours; their code comes in only there. */
export async function prepareGraph(runtime: Runtime, artifacts: ModelArtifacts): Promise<PreparedGraph> {
  const asItIs = { artifacts, release: () => {} };
  if (runtime.backend !== 'wasm') return asItIs;
  try {
    const { withIntegerConvolutions } = await import('./integer/graph.ts');
    return await withIntegerConvolutions(runtime, artifacts);
  } catch {
    // Memory or that code cannot be had: slower is better than not at all.
    return asItIs;
  }
}
