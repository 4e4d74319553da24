import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileKernel, KERNELS } from '../../scripts/kernels.mjs';

for (const kernel of KERNELS) {
  test(`the ${kernel.name} in the sources is what \`npm run kernels\` makes of sdk/assembly`, async () => {
    assert.equal(readFileSync(kernel.file, 'utf8'), await compileKernel(kernel));
  });
}
