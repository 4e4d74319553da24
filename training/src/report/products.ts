import type { Engine } from '../engines/engine.ts';

/** What a measured network's products were rounded to; `bfloat16` where the processor can. */
export type Products = 'float32' | 'bfloat16';

/** TensorFlow on the processor does as this variable says; all other engines multiply in float32. */
export function productsOf({ name }: Pick<Engine, 'name'>): Products {
  return name === 'node' && process.env.TF_SET_ONEDNN_FPMATH_MODE === 'BF16' ? 'bfloat16' : 'float32';
}
