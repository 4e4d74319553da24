import { buffers, flatProgram } from './programs.ts';

/** Channels and rows that a workgroup adds up side by side. */
export const CHANNELS_AT_ONCE = 64;
const ROWS_AT_ONCE = 4;
/** Rows are split into so many parts, each added up by workgroups of its own. */
export const PARTS = 128;

const HEAD = `@compute @workgroup_size(${CHANNELS_AT_ONCE}, ${ROWS_AT_ONCE})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let channel = group.x * ${CHANNELS_AT_ONCE}u + local.x;
  var total = vec2f();`;

/** Adds up `total` of a workgroup's rows; what follows is done once a channel. */
const ADD_UP = `totals[thread] = total;
  workgroupBarrier();
  if (local.y > 0u || channel >= CHANNELS) { return; }
  for (var row = 1u; row < ${ROWS_AT_ONCE}u; row++) { total += totals[row * ${CHANNELS_AT_ONCE}u + local.x]; }`;

const TOTALS = `var<workgroup> totals: array<vec2f, ${CHANNELS_AT_ONCE * ROWS_AT_ONCE}>;`;

/** Of each part of the rows, the sums over them of `pair` (an expression of vec2f): parts `[PARTS, channels]` of vec2f. */
function sumsOfParts(declarations: string, channels: number, pair: string): string {
  return `${declarations}
const CHANNELS = ${channels}u;
${TOTALS}
${HEAD}
  let rows = arrayLength(&x) / CHANNELS;
  let length = (rows + ${PARTS - 1}u) / ${PARTS}u;
  let end = min((group.y + 1u) * length, rows);
  if (channel < CHANNELS) {
    for (var row = group.y * length + local.y; row < end; row += ${ROWS_AT_ONCE}u) {
      let at = row * CHANNELS + channel;
      total += ${pair};
    }
  }
  ${ADD_UP}
  parts[group.y * CHANNELS + channel] = total;
}`;
}

/** `finish` gets `total`, the sums over all rows. */
function sumOfParts(declarations: string, channels: number, finish: string): string {
  return `${declarations}
const CHANNELS = ${channels}u;
${TOTALS}
${HEAD}
  if (channel < CHANNELS) {
    for (var part = local.y; part < ${PARTS}u; part += ${ROWS_AT_ONCE}u) { total += parts[part * CHANNELS + channel]; }
  }
  ${ADD_UP}
  ${finish}
}`;
}

/** Sums of x and its squares, from the channel's first value on: squares of large numbers would cancel badly. */
export function sumsOfInput(channels: number): string {
  return sumsOfParts(
    `${buffers({ x: 'f32', parts: 'vec2f' }, 'parts')}
fn pair(value: f32) -> vec2f { return vec2f(value, value * value); }`,
    channels,
    'pair(x[at] - x[channel])',
  );
}

export function statistics(channels: number): string {
  return sumOfParts(
    buffers({ parts: 'vec2f', x: 'f32', mean: 'f32', variance: 'f32' }, 'mean', 'variance'),
    channels,
    `let means = total / f32(arrayLength(&x) / CHANNELS);
  mean[channel] = x[channel] + means.x;
  variance[channel] = max(0, means.y - means.x * means.x);`,
  );
}

export function normalised(channels: number, epsilon: number): string {
  return flatProgram(
    buffers({ x: 'f32', mean: 'f32', variance: 'f32', gamma: 'f32', beta: 'f32', y: 'f32' }, 'y'),
    'arrayLength(&y)',
    `let channel = i % ${channels}u;
  y[i] = (x[i] - mean[channel]) * inverseSqrt(variance[channel] + ${epsilon}) * gamma[channel] + beta[channel];`,
  );
}

/** Sums of dy and of dy times the normalised x: the gradients of beta and gamma. */
export function sumsOfGradient(channels: number, epsilon: number): string {
  return sumsOfParts(
    buffers({ x: 'f32', dy: 'f32', mean: 'f32', variance: 'f32', parts: 'vec2f' }, 'parts'),
    channels,
    `dy[at] * vec2f(1, (x[at] - mean[channel]) * inverseSqrt(variance[channel] + ${epsilon}))`,
  );
}

export function parameterGradients(channels: number): string {
  return sumOfParts(
    buffers({ parts: 'vec2f', dBeta: 'f32', dGamma: 'f32' }, 'dBeta', 'dGamma'),
    channels,
    `dBeta[channel] = total.x;
  dGamma[channel] = total.y;`,
  );
}

export function inputGradient(channels: number, epsilon: number): string {
  return flatProgram(
    buffers(
      {
        x: 'f32',
        dy: 'f32',
        mean: 'f32',
        variance: 'f32',
        gamma: 'f32',
        dBeta: 'f32',
        dGamma: 'f32',
        dx: 'f32',
      },
      'dx',
    ),
    'arrayLength(&dx)',
    `let channel = i % ${channels}u;
  let rows = f32(arrayLength(&x) / ${channels}u);
  let scale = inverseSqrt(variance[channel] + ${epsilon});
  let normalised = (x[i] - mean[channel]) * scale;
  dx[i] = gamma[channel] * scale * (dy[i] - (dBeta[channel] + normalised * dGamma[channel]) / rows);`,
  );
}
