/** A body's points: which landmark each is, where it lies, how much it counts, and how the body may differ. */
export interface BodyModel {
  /** Indices of the landmarks that the body's points are. */
  readonly landmarks: readonly number[];
  /** Their places: x0, y0, z0, x1, …; x to the picture's right, y down, z away from the camera. */
  readonly positions: ArrayLike<number>;
  /** How much each counts: one over the variance of its place, in the model's unit. */
  readonly weights: ArrayLike<number>;
  /** Ways in which bodies differ: shifts of the points (as `positions`) by one standard deviation. */
  readonly modes: readonly ArrayLike<number>[];
  /** The model's unit over the distance to the camera (0: infinitely far away): what is usual, and its deviation. */
  readonly nearness: readonly [mean: number, deviation: number];
}

/** Where a body lies: `image = scale * (rotation * position).xy / (1 + nearness * z) + translation`. */
export interface BodyFit {
  /** Row by row, 9 numbers. */
  readonly rotation: readonly number[];
  /** Pixels for one unit of the model. */
  readonly scale: number;
  readonly translation: readonly [number, number];
  /** Of each mode, then of the nearness, in standard deviations. */
  readonly amounts: Float64Array;
}

const ITERATIONS = 6;
/** Residuals beyond so many standard deviations lose weight (Geman and McClure's function, 1987). */
const ROBUST_DEVIATIONS = 3;
/** Turn about x, y, z, relative growth, shift in x and y. */
const MOTIONS = 6;

/**
 * The rotation, scale and translation that bring a body onto points of a picture, by weighted least squares:
 * scaled orthography in closed form to begin with (first step of POSIT: DeMenthon and Davis, "Model-Based Object Pose in
 * 25 Lines of Code", 1995), then Gauss-Newton steps with robust weights, which also find the amounts of the body's
 * modes, held to their prior, and allow for perspective.
 * @param points x0, y0, x1, … of all landmarks, px; a landmark that is not finite is left out
 */
export function fitBody(points: ArrayLike<number>, model: BodyModel): BodyFit {
  const { landmarks, positions, weights, modes, nearness } = model;
  const start = closedForm(points, model);
  let rotation = start.rotation;
  let { scale } = start;
  let [tx, ty] = start.translation;
  const amounts = new Float64Array(modes.length + 1);
  const size = MOTIONS + amounts.length;
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  const jx = new Float64Array(size);
  const jy = new Float64Array(size);
  for (let step = 0; step < ITERATIONS; step++) {
    a.fill(0);
    b.fill(0);
    const near = Math.max(0, nearness[0] + amounts[modes.length] * nearness[1]);
    const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = rotation;
    for (let i = 0; i < landmarks.length; i++) {
      const u = points[2 * landmarks[i]];
      const v = points[2 * landmarks[i] + 1];
      if (!Number.isFinite(u) || !Number.isFinite(v)) continue;
      let px = positions[3 * i];
      let py = positions[3 * i + 1];
      let pz = positions[3 * i + 2];
      for (let k = 0; k < modes.length; k++) {
        px += amounts[k] * modes[k][3 * i];
        py += amounts[k] * modes[k][3 * i + 1];
        pz += amounts[k] * modes[k][3 * i + 2];
      }
      const x = r0 * px + r1 * py + r2 * pz;
      const y = r3 * px + r4 * py + r5 * pz;
      const z = r6 * px + r7 * py + r8 * pz;
      const f = 1 / (1 + near * z);
      const ex = (u - tx) / scale - x * f;
      const ey = (v - ty) / scale - y * f;
      const squared = ((ex * ex + ey * ey) * weights[i]) / 2;
      const weight = weights[i] / (1 + squared / ROBUST_DEVIATIONS ** 2) ** 2;
      // Derivatives of x f and y f, where f = 1 / (1 + nearness z). A turn w moves the point by w × (x, y, z).
      const gx = near * x * f * f;
      const gy = near * y * f * f;
      jx[0] = -gx * y;
      jy[0] = -f * z - gy * y;
      jx[1] = f * z + gx * x;
      jy[1] = gy * x;
      jx[2] = -f * y;
      jy[2] = f * x;
      jx[3] = x * f;
      jy[3] = y * f;
      jx[4] = jy[5] = 1;
      for (let k = 0; k < modes.length; k++) {
        const mx = modes[k][3 * i];
        const my = modes[k][3 * i + 1];
        const mz = modes[k][3 * i + 2];
        const dz = r6 * mx + r7 * my + r8 * mz;
        jx[MOTIONS + k] = f * (r0 * mx + r1 * my + r2 * mz) - gx * dz;
        jy[MOTIONS + k] = f * (r3 * mx + r4 * my + r5 * mz) - gy * dz;
      }
      jx[size - 1] = -x * f * f * z * nearness[1];
      jy[size - 1] = -y * f * f * z * nearness[1];
      for (let r = 0; r < size; r++) {
        const wx = weight * jx[r];
        const wy = weight * jy[r];
        b[r] += wx * ex + wy * ey;
        for (let c = 0; c <= r; c++) a[size * r + c] += wx * jx[c] + wy * jy[c];
      }
    }
    for (let k = 0; k < amounts.length; k++) {
      a[(size + 1) * (MOTIONS + k)] += 1;
      b[MOTIONS + k] -= amounts[k];
    }
    const d = solveSymmetric(a, b, size);
    if (!d.every(Number.isFinite)) break;
    rotation = multiply(rotationOf(d[0], d[1], d[2]), rotation);
    tx += scale * d[4];
    ty += scale * d[5];
    // As an exponent, so that the scale stays positive.
    scale *= Math.exp(d[3]);
    for (let k = 0; k < amounts.length; k++) amounts[k] += d[MOTIONS + k];
    if (d.every((value) => Math.abs(value) < 1e-3)) break;
  }
  return { rotation, scale, translation: [tx, ty], amounts };
}

/** Scaled orthography: the affine map by weighted least squares, then the nearest rotation. */
function closedForm(
  points: ArrayLike<number>,
  { landmarks, positions, weights }: BodyModel,
): Omit<BodyFit, 'amounts'> {
  const mean = [0, 0, 0, 0, 0];
  let total = 0;
  const each = (visit: (weight: number, values: readonly number[]) => void): void =>
    landmarks.forEach((landmark, i) => {
      const u = points[2 * landmark];
      const v = points[2 * landmark + 1];
      if (!Number.isFinite(u) || !Number.isFinite(v)) return;
      visit(weights[i], [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2], u, v]);
    });
  each((weight, values) => {
    total += weight;
    values.forEach((value, k) => (mean[k] += weight * value));
  });
  for (let k = 0; k < 5; k++) mean[k] /= total;
  const a = new Float64Array(9);
  const bu = new Float64Array(3);
  const bv = new Float64Array(3);
  each((weight, values) => {
    const d = values.map((value, k) => value - mean[k]);
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c <= r; c++) a[3 * r + c] += weight * d[r] * d[c];
      bu[r] += weight * d[r] * d[3];
      bv[r] += weight * d[r] * d[4];
    }
  });
  const mu = solveSymmetric(a.slice(), bu, 3);
  const mv = solveSymmetric(a, bv, 3);
  const scale = Math.sqrt(length(mu) * length(mv)) || 1;
  let u = unit(mu);
  let v = unit(mv);
  // Orthonormal rows, both moved alike.
  const skew = dot(u, v) / 2;
  [u, v] = [unit(u.map((value, k) => value - skew * v[k])), unit(v.map((value, k) => value - skew * u[k]))];
  const lean = dot(u, v);
  v = unit(v.map((value, k) => value - lean * u[k]));
  const w = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  return {
    rotation: [...u, ...v, ...w],
    scale,
    translation: [mean[3] - scale * dot(u, mean), mean[4] - scale * dot(v, mean)],
  };
}

/** Solves `a x = b` by Cholesky's factors; `a` (row by row, its lower half) and `b` are overwritten. */
function solveSymmetric(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let r = 0; r < n; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = a[n * r + c];
      for (let k = 0; k < c; k++) sum -= a[n * r + k] * a[n * c + k];
      a[n * r + c] = r === c ? Math.sqrt(sum) : sum / a[n * c + c];
    }
  }
  for (let r = 0; r < n; r++) {
    for (let k = 0; k < r; k++) b[r] -= a[n * r + k] * b[k];
    b[r] /= a[n * r + r];
  }
  for (let r = n - 1; r >= 0; r--) {
    for (let k = r + 1; k < n; k++) b[r] -= a[n * k + r] * b[k];
    b[r] /= a[n * r + r];
  }
  return b;
}

/** The turn about the axis (x, y, z) by its length, radians (Rodrigues' formula). */
function rotationOf(x: number, y: number, z: number): readonly number[] {
  const angle = Math.hypot(x, y, z);
  const s = angle < 1e-9 ? 1 : Math.sin(angle) / angle;
  const c = angle < 1e-9 ? 0.5 : (1 - Math.cos(angle)) / (angle * angle);
  const cos = Math.cos(angle);
  return [
    cos + c * x * x,
    c * x * y - s * z,
    c * x * z + s * y,
    c * x * y + s * z,
    cos + c * y * y,
    c * y * z - s * x,
    c * x * z - s * y,
    c * y * z + s * x,
    cos + c * z * z,
  ];
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = [];
  for (let r = 0; r < 9; r += 3) {
    for (let c = 0; c < 3; c++) out.push(a[r] * b[c] + a[r + 1] * b[c + 3] + a[r + 2] * b[c + 6]);
  }
  return out;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function length(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

function unit(a: ArrayLike<number>): number[] {
  const size = length(a) || 1;
  return [a[0] / size, a[1] / size, a[2] / size];
}
