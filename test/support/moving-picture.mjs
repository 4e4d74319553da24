/** Stills moved along known paths, as a camera would see them: the truth of every frame is known. */
import sharp from 'sharp';

/**
 * A still as grey pixels; `mask` keeps an ellipse in the middle, so that one face can pass before another.
 * @param picture what sharp takes
 * @param options `extract`: the part to take, px of the picture; `width`: px to scale that part to
 */
export async function readSprite(picture, { extract, width, mask = false } = {}) {
  const part = extract ? await sharp(picture).extract(extract).png().toBuffer() : picture;
  const { width: original } = await sharp(part).metadata();
  const shrunk = sharp(part).resize({ width, withoutEnlargement: true });
  const { data, info } = await shrunk.greyscale().raw().toBuffer({ resolveWithObject: true });
  const sprite = { data: new Uint8Array(data), width: info.width, height: info.height, mask };
  return width > original ? enlarge(sprite, width) : sprite;
}

/** sharp 0.35.5 shifts what it enlarges by half a pixel. */
function enlarge(sprite, width) {
  const scale = width / sprite.width;
  const height = Math.round(sprite.height * scale);
  const place = { x: width / 2, y: height / 2, angle: 0, scale };
  const { data } = renderFrame([{ sprite: { ...sprite, mask: false }, place }], { width, height });
  return { data, width, height, mask: sprite.mask };
}

/** Where a point of the sprite (px, continuous) lies in the frame when the sprite is at `place`. */
export function toFrame([x, y], sprite, place) {
  const { cos, sin } = turn(place);
  const u = x - sprite.width / 2;
  const v = y - sprite.height / 2;
  return [place.x + u * cos - v * sin, place.y + u * sin + v * cos];
}

/** As `toFrame`, for x0, y0, x1, … */
export function pointsToFrame(points, sprite, place) {
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) out.set(toFrame([points[i], points[i + 1]], sprite, place), i);
  return out;
}

/** The inverse of `pointsToFrame`. */
export function pointsToSprite(points, sprite, place) {
  const { cos, sin } = turn(place);
  const square = place.scale ** 2;
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] - place.x;
    const y = points[i + 1] - place.y;
    out[i] = (x * cos + y * sin) / square + sprite.width / 2;
    out[i + 1] = (y * cos - x * sin) / square + sprite.height / 2;
  }
  return out;
}

/**
 * One frame: the sprites at their places, later ones in front, and noise.
 * @param layers `{ sprite, place: { x, y, angle, scale } }`: the sprite's middle in px of the frame, radians clockwise
 * @param options `noise`: the camera's, deviation in grey levels, from `random` (0..1)
 */
export function renderFrame(layers, { width, height, noise = 0, random, background = 119 }) {
  const values = new Float32Array(width * height).fill(background);
  for (const { sprite, place } of layers) paste(values, width, height, sprite, place);
  const data = new Uint8Array(values.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.max(0, Math.min(255, Math.round(values[i] + (noise ? noise * normal(random) : 0))));
  }
  return { data, width, height, channels: 1 };
}

/** Bilinear; sprites are best scaled so that `scale` stays near 1. */
function paste(values, width, height, sprite, place) {
  const { cos, sin } = turn(place);
  const square = place.scale ** 2;
  const reach = (Math.hypot(sprite.width, sprite.height) / 2) * place.scale;
  const top = Math.max(0, Math.floor(place.y - reach));
  const bottom = Math.min(height, Math.ceil(place.y + reach));
  const left = Math.max(0, Math.floor(place.x - reach));
  const right = Math.min(width, Math.ceil(place.x + reach));
  for (let row = top; row < bottom; row++) {
    for (let col = left; col < right; col++) {
      const x = col + 0.5 - place.x;
      const y = row + 0.5 - place.y;
      const u = (x * cos + y * sin) / square + sprite.width / 2 - 0.5;
      const v = (y * cos - x * sin) / square + sprite.height / 2 - 0.5;
      if (u < -0.5 || v < -0.5 || u >= sprite.width - 0.5 || v >= sprite.height - 0.5) continue;
      const ui = Math.max(0, Math.min(sprite.width - 2, Math.floor(u)));
      const vi = Math.max(0, Math.min(sprite.height - 2, Math.floor(v)));
      const i = vi * sprite.width + ui;
      const fu = Math.max(0, Math.min(1, u - ui));
      const fv = Math.max(0, Math.min(1, v - vi));
      const { data } = sprite;
      const above = data[i] * (1 - fu) + data[i + 1] * fu;
      const below = data[i + sprite.width] * (1 - fu) + data[i + sprite.width + 1] * fu;
      const opacity = sprite.mask ? ellipse(u / sprite.width, v / sprite.height) : 1;
      const o = row * width + col;
      values[o] += opacity * (above * (1 - fv) + below * fv - values[o]);
    }
  }
}

/** 1 within the ellipse that fills the sprite, falling to 0 over its outer tenth. */
function ellipse(u, v) {
  const radius = 2 * Math.hypot(u - 0.5, v - 0.5);
  return Math.max(0, Math.min(1, (1 - radius) * 10));
}

function turn({ angle, scale }) {
  return { cos: Math.cos(angle) * scale, sin: Math.sin(angle) * scale };
}

/** Seeded, uniform in 0..1 (mulberry32, by Tommy Ettinger, public domain). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal (Box and Muller, 1958). */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Smooth from 0 to 1 while `t` goes from `start` to `end`, with no jump of the speed. */
export function ease(t, start, end) {
  const x = Math.max(0, Math.min(1, (t - start) / (end - start)));
  return (1 - Math.cos(Math.PI * x)) / 2;
}
