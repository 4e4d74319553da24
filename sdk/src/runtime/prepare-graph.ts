import type { PreparedGraph } from './integer/graph.ts';
import type { Runtime } from './runtime.ts';
import type { ModelArtifacts } from './tf.ts';

/** A graph as its backend computes it best. On the processor the convolutions are ours; their code comes in only there. */
export async function prepareGraph(runtime: Runtime, artifacts: ModelArtifacts): Promise<PreparedGraph> {
  if (runtime.backend !== 'wasm') return { artifacts, release: () => {} };
  const { withIntegerConvolutions } = await import('./integer/graph.ts');
  return withIntegerConvolutions(runtime, artifacts);
}
