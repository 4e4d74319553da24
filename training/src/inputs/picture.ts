import { cropToImage, imageToCrop, type Region } from '../../../sdk/src/crop/region.ts';
import { sampleCrop, type Pixels } from '../../../sdk/src/crop/sample.ts';
import type { InputStep } from './input.ts';

/** A whole picture as the input, and how it may differ in training. */
export interface PictureSettings {
  /** Px; a picture of another shape is fitted inside, its edge pixels repeated. */
  readonly width: number;
  readonly height: number;
  /** Degrees: turned by up to so much either way, uniformly. */
  readonly rotation: number;
  /** Moved by up to this share of the way from the centre to the edge, along either side. */
  readonly shift: number;
  /** Colour jitter: brightness and contrast change by up to this share. */
  readonly brightness: number;
  readonly contrast: number;
}

/**
 * Whole pictures: grey, 0..255 as -0.5..0.5. The picture lies in the middle of a square of the input's longer side, so
 * that the SDK's sampler and its maps to the picture and back serve here too.
 */
export function pictureInput(settings: PictureSettings): InputStep {
  const { width, height } = settings;
  const side = Math.max(width, height);
  const square = new Float32Array(side * side);
  const [left, top] = [(side - width) / 2, (side - height) / 2];

  const whole = (image: Pixels): Region => ({
    cx: image.width / 2,
    cy: image.height / 2,
    size: side * Math.max(image.width / width, image.height / height),
    angle: 0,
  });
  const cut = (image: Pixels, region: Region, pixels: Float32Array) => {
    sampleCrop(image, region, side, square);
    for (let row = 0; row < height; row++) {
      const start = (row + Math.floor(top)) * side + Math.floor(left);
      pixels.set(square.subarray(start, start + width), row * width);
    }
  };
  /** Square units to input units, in place. */
  const toInput = (points: Float32Array) => {
    for (let i = 0; i < points.length; i += 2) {
      points[i] = (points[i] * side - Math.floor(left)) / width;
      points[i + 1] = (points[i + 1] * side - Math.floor(top)) / height;
    }
    return points;
  };
  const toSquare = (points: ArrayLike<number>) =>
    Float32Array.from(points, (value, i) =>
      i % 2 === 0 ? (value * width + Math.floor(left)) / side : (value * height + Math.floor(top)) / side,
    );

  return {
    width,
    height,
    prepare({ image }, pixels) {
      const region = whole(image);
      cut(image, region, pixels);
      scale(pixels, 1, 1);
      return {
        toImage: (points) => cropToImage(toSquare(points), region),
        span: (region.size * width) / side,
      };
    },
    augment({ image, points = new Float32Array(0) }, random, target) {
      const still = whole(image);
      const angle = (random.between(-settings.rotation, settings.rotation) * Math.PI) / 180;
      const dx = (random.between(-settings.shift, settings.shift) * still.size * width) / (2 * side);
      const dy = (random.between(-settings.shift, settings.shift) * still.size * height) / (2 * side);
      const region = { ...still, angle, cx: still.cx + dx, cy: still.cy + dy };
      cut(image, region, target.crop);
      scale(
        target.crop,
        random.between(1 - settings.brightness, 1 + settings.brightness),
        random.between(1 - settings.contrast, 1 + settings.contrast),
      );
      const placed = toInput(imageToCrop(points, region));
      for (let i = 0; i < target.known.length; i++) {
        const [x, y] = [placed[2 * i], placed[2 * i + 1]];
        // Moved out of the picture, a point cannot be asked for; NaN fails the comparisons too.
        const known = x >= 0 && x <= 1 && y >= 0 && y <= 1;
        target.known[i] = known ? 1 : 0;
        target.points[2 * i] = known ? x : 0;
        target.points[2 * i + 1] = known ? y : 0;
      }
    },
  };
}

/** Grey 0..255 to -0.5..0.5, after contrast about the picture's own mean and brightness. */
function scale(pixels: Float32Array, brightness: number, contrast: number): void {
  let mean = 0;
  for (const value of pixels) mean += value;
  mean /= pixels.length;
  for (let i = 0; i < pixels.length; i++) {
    const grey = (mean + (pixels[i] - mean) * contrast) * brightness;
    pixels[i] = Math.min(255, Math.max(0, grey)) / 255 - 0.5;
  }
}
