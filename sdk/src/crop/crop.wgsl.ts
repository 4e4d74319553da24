/** Of a workgroup, as in the shader. */
export const THREADS = 256;

/**
 * `sampleCrop` and `normalizeCrop` on the GPU, in two dispatches: `cut` samples the grey squares, a thread a pixel; `normalise` reduces
 * each one's mean and deviation within a workgroup, and applies them.
 */
export const CROP_WGSL = /* wgsl */ `
struct Crop {
  origin: vec2f, // centre of the first tap, px, with pixel (0, 0) centred at (0, 0)
  step: vec2f,   // from one tap to the next along a row
  taps: u32,     // along each side of an output pixel
}
@group(0) @binding(0) var image: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> crops: array<Crop>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

override SIZE: u32 = 128u;
const THREADS: u32 = 256u;
// Near the mean of most pictures, so that the squares stay small.
const SHIFT: f32 = 128.0;

var<workgroup> sums: array<vec2f, THREADS>;

fn luma(at: vec2i) -> f32 {
  return 255.0 * dot(textureLoad(image, at, 0).rgb, vec3f(0.299, 0.587, 0.114));
}

fn bilinear(point: vec2f) -> f32 {
  let last = vec2i(textureDimensions(image)) - 1;
  let p = clamp(point, vec2f(0.0), vec2f(last));
  let a = min(vec2i(p), max(last - 1, vec2i(0)));
  let b = min(a + 1, last);
  let f = p - vec2f(a);
  let top = mix(luma(a), luma(vec2i(b.x, a.y)), f.x);
  let bottom = mix(luma(vec2i(a.x, b.y)), luma(b), f.x);
  return mix(top, bottom, f.y);
}

@compute @workgroup_size(THREADS)
fn cut(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let length = SIZE * SIZE;
  if (i >= length) {
    return;
  }
  let crop = crops[id.y];
  let down = vec2f(-crop.step.y, crop.step.x);
  let first = vec2u(i % SIZE, i / SIZE) * crop.taps;
  var value = 0.0;
  for (var v = first.y; v < first.y + crop.taps; v++) {
    for (var u = first.x; u < first.x + crop.taps; u++) {
      value += bilinear(crop.origin + f32(u) * crop.step + f32(v) * down);
    }
  }
  result[id.y * length + i] = value / f32(crop.taps * crop.taps) - SHIFT;
}

@compute @workgroup_size(THREADS)
fn normalise(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let length = SIZE * SIZE;
  let base = group.x * length;
  var sum = vec2f(0.0);
  for (var i = thread; i < length; i += THREADS) {
    let value = result[base + i];
    sum += vec2f(value, value * value);
  }
  sums[thread] = sum;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      sums[thread] += sums[thread + half];
    }
    workgroupBarrier();
  }
  let mean = sums[0].x / f32(length);
  let deviation = sqrt(max(0.0, sums[0].y / f32(length) - mean * mean) + 1.0);
  for (var i = thread; i < length; i += THREADS) {
    result[base + i] = (result[base + i] - mean) / deviation;
  }
}
`;
