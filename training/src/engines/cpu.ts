import type { Engine, Tf } from './engine.ts';

/** Plain JavaScript: the last resort, and the reference that other engines are tested against. */
export async function startCpu(): Promise<Engine> {
  const tf: Tf = await import('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  await tf.ready();
  return { name: 'cpu', tf, description: `tfjs cpu ${tf.version_core}` };
}
