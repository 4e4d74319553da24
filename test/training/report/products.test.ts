import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { fullPrecision } from '../../../training/src/cli/engine-option.ts';
import { productsOf } from '../../../training/src/report/products.ts';

const before = process.env.TF_SET_ONEDNN_FPMATH_MODE;
afterEach(() => {
  if (before === undefined) delete process.env.TF_SET_ONEDNN_FPMATH_MODE;
  else process.env.TF_SET_ONEDNN_FPMATH_MODE = before;
});

test('TensorFlow on the processor multiplies in bfloat16 unless it was told before that figures are wanted', () => {
  delete process.env.TF_SET_ONEDNN_FPMATH_MODE;
  fullPrecision();
  assert.equal(productsOf({ name: 'node' }), 'float32');
  process.env.TF_SET_ONEDNN_FPMATH_MODE = 'BF16';
  assert.equal(productsOf({ name: 'node' }), 'bfloat16');
  assert.equal(productsOf({ name: 'wasm' }), 'float32');
});
