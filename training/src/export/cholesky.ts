import type { Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';

const BLOCK = 128;

/**
 * Lower triangular C with C C^T = `matrix` (symmetric, positive definite, `[n, n]`), block by block: small blocks here,
 * products on the engine. (Golub and Van Loan, "Matrix Computations", section 4.2.)
 * @throws Error when the matrix is not positive definite
 */
export function cholesky({ tf }: Engine, matrix: Float32Array, n: number): Float32Array {
  const factor = new Float32Array(n * n);
  let rest = tf.tensor2d(matrix, [n, n]);
  for (let start = 0; start < n; start += BLOCK) {
    const size = Math.min(BLOCK, n - start);
    const corner = rest.slice([0, 0], [size, size]);
    const small = smallCholesky(Float64Array.from(corner.dataSync()), size);
    corner.dispose();
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) factor[(start + i) * n + start + j] = small[i * size + j];
    }
    const below = n - start - size;
    if (below === 0) break;
    const [next, panel] = tf.tidy(() => {
      const inverse = tf.tensor2d(Float32Array.from(inverseOfLower(small, size)), [size, size]);
      const panel = (rest.slice([size, 0], [below, size]) as Tensor2D).matMul(
        inverse,
        false,
        true,
      ) as Tensor2D;
      const corner = rest.slice([size, size], [below, below]) as Tensor2D;
      return [corner.sub(panel.matMul(panel, false, true)) as Tensor2D, panel];
    });
    const values = panel.dataSync();
    for (let i = 0; i < below; i++) {
      factor.set(values.subarray(i * size, (i + 1) * size), (start + size + i) * n + start);
    }
    tf.dispose([rest, panel]);
    rest = next;
  }
  rest.dispose();
  return factor;
}

/** Of a small symmetric, positive definite matrix `[n, n]`. @throws Error when it is not positive definite */
export function inverse(matrix: Float64Array, n: number): Float64Array {
  const lower = inverseOfLower(smallCholesky(matrix, n), n);
  const result = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      for (let j = 0; j <= k; j++) result[i * n + j] += lower[k * n + i] * lower[k * n + j];
    }
  }
  return result;
}

function smallCholesky(a: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= c[i * n + k] * c[j * n + k];
      if (i === j && !(sum > 0)) throw new Error('the matrix is not positive definite');
      c[i * n + j] = i === j ? Math.sqrt(sum) : sum / c[j * n + j];
    }
  }
  return c;
}

function inverseOfLower(c: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= c[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = sum / c[i * n + i];
    }
  }
  return inverse;
}
