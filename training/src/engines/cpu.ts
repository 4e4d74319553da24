import type { Engine, Tf } from './engine.ts';
import { registerEnlargementGradient } from './enlargement.ts';

/** Plain JavaScript: the last resort, and the reference that other engines are tested against. */
export async function startCpu(): Promise<Engine> {
  const tf: Tf = await import('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  await tf.ready();
  // The backend's own reads the wrong pictures of a batch of more than one (tfjs 4.22: the input's stride for the output's).
  registerEnlargementGradient(tf, 'cpu');
  return { name: 'cpu', tf, description: `tfjs cpu ${tf.version_core}`, [Symbol.dispose]: () => {} };
}
