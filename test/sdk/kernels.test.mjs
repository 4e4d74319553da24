import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileConvolution, CONVOLUTION } from '../../scripts/kernels.mjs';

test('the kernel in the sources is what `npm run kernels` makes of sdk/assembly', async () => {
  assert.equal(readFileSync(CONVOLUTION, 'utf8'), await compileConvolution());
});
