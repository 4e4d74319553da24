export interface Sprite {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly mask: boolean;
}
/** The sprite's middle in px of the frame, radians clockwise, px of the frame a px of the sprite. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly scale: number;
}
export interface Layer {
  readonly sprite: Sprite;
  readonly place: Place;
}
export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly noise?: number;
  readonly random?: () => number;
  readonly background?: number;
}
export interface GreyPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1;
}
export function readSprite(
  picture: string | Uint8Array,
  options?: {
    readonly extract?: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
    readonly width?: number;
    readonly mask?: boolean;
  },
): Promise<Sprite>;
export function toFrame(point: readonly [number, number], sprite: Sprite, place: Place): [number, number];
export function pointsToFrame(points: ArrayLike<number>, sprite: Sprite, place: Place): Float32Array;
export function pointsToSprite(points: ArrayLike<number>, sprite: Sprite, place: Place): Float32Array;
export function renderFrame(layers: readonly Layer[], options: FrameOptions): GreyPixels;
export function seeded(seed: number): () => number;
export function ease(t: number, start: number, end: number): number;
