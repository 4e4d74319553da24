import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';

/** @throws Error naming the valid choices */
export function engineNamed(name: string | undefined): EngineName | undefined {
  if (name === undefined || (ENGINE_NAMES as readonly string[]).includes(name))
    return name as EngineName | undefined;
  throw new Error(`unknown engine "${name}". Should be one of: ${ENGINE_NAMES.join(', ')}`);
}

/**
 * Before an engine starts: the figures of `evaluate`, `export` and `report` come from float32 products, however fast
 * others would be. `train` measures with those that it trains with; `report` then measures again.
 */
export function fullPrecision(): void {
  process.env.TF_SET_ONEDNN_FPMATH_MODE ??= 'F32';
}
