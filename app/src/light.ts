const WIDTH = 32;
const HEIGHT = 24;
/** Mean luma, 0..1, under which a camera sees too little. */
const DARK = 0.13;

/** Looks at the light of a picture, cheaply: it is shrunk to a few hundred pixels first. */
export class LightMeter {
  readonly #context = Object.assign(document.createElement('canvas'), {
    width: WIDTH,
    height: HEIGHT,
  }).getContext('2d', { willReadFrequently: true });

  /** Whether the picture is too dark for faces to be seen. */
  isDark(picture: CanvasImageSource): boolean {
    if (!this.#context) return false;
    this.#context.drawImage(picture, 0, 0, WIDTH, HEIGHT);
    return meanLuma(this.#context.getImageData(0, 0, WIDTH, HEIGHT).data) < DARK;
  }
}

/** Mean of Rec. 709 luma over RGBA bytes, 0..1. */
export function meanLuma(rgba: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < rgba.length; i += 4)
    sum += 0.2126 * rgba[i] + 0.7152 * rgba[i + 1] + 0.0722 * rgba[i + 2];
  return sum / (255 * (rgba.length / 4));
}
