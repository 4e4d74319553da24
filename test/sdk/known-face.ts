import { MIRROR } from '../../sdk/src/index.ts';

/** x to the picture's right, y down, z away from the camera; mm; 0 midway between the outer eye corners. */
type Place = readonly [x: number, y: number, z: number];

/** How a face differs from the plain one. */
export interface Variation {
  /** Factors of height, depth, and of how far the nose stands out. */
  readonly long?: number;
  readonly deep?: number;
  readonly nose?: number;
  /** mm: brows up, lower lip and jaw down, mouth corners out and (half of that) up. */
  readonly brows?: number;
  readonly open?: number;
  readonly smile?: number;
  /** Factor of the height of the eyes' opening. */
  readonly eyes?: number;
}

/** The person's right half and the middle, by landmark: an adult face by common anthropometric means, not our model's. */
const HALF: Readonly<Record<number, Place>> = {
  0: [-71, 4, 74],
  1: [-70, 22, 72],
  2: [-67, 40, 68],
  3: [-63, 58, 62],
  4: [-57, 76, 51],
  5: [-48, 93, 36],
  6: [-36, 107, 17],
  7: [-20, 117, 0],
  8: [0, 121, -10],
  17: [-58, -13, 8],
  18: [-50, -22, -4],
  19: [-38, -25, -13],
  20: [-26, -23, -19],
  21: [-14, -18, -22],
  27: [0, -3, -24],
  28: [0, 10, -31],
  29: [0, 23, -40],
  30: [0, 37, -48],
  31: [-15, 45, -27],
  32: [-8, 48, -31],
  33: [0, 49, -33],
  36: [-46, 0, 0],
  37: [-37, -5, -6],
  38: [-27, -5, -8],
  39: [-17, 2, -7],
  40: [-27, 4, -7],
  41: [-37, 4, -5],
  48: [-26, 71, -9],
  49: [-17, 66, -22],
  50: [-7, 63, -29],
  51: [0, 64, -31],
  57: [0, 84, -27],
  58: [-9, 83, -25],
  59: [-18, 78, -19],
  60: [-23, 71, -11],
  61: [-8, 70, -26],
  62: [0, 70, -28],
  66: [0, 71, -28],
  67: [-8, 71, -26],
};
const EYE_CENTRE = 0;

export function knownFace(variation: Variation = {}): Place[] {
  const { long = 1, deep = 1, nose = 1, brows = 0, open = 0, smile = 0, eyes = 1 } = variation;
  const half = (i: number): Place => {
    let [x, y, z] = HALF[i];
    if (i >= 36 && i < 42) y = EYE_CENTRE + (y - EYE_CENTRE) * eyes;
    y *= i >= 36 && i < 42 ? 1 : long;
    z *= deep;
    if (i >= 27 && i < 36) z *= nose;
    if (i >= 17 && i < 22) y -= brows;
    // Nearer to the chin, the jaw opens further.
    if (i >= 3 && i <= 8) y += (open * (i - 2)) / 6;
    if ((i >= 57 && i <= 59) || i === 66 || i === 67) y += open * (i === 59 ? 0.6 : 1);
    if (i === 48 || i === 60) {
      x -= smile;
      y -= smile / 2 - open * 0.3;
    }
    return [x, y, z];
  };
  return Array.from({ length: 68 }, (_, i) => {
    if (i in HALF) return half(i);
    const [x, y, z] = half(MIRROR[i]);
    return [-x, y, z];
  });
}

export interface View {
  /** Degrees. */
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  /** From the camera, mm; without it the picture has no perspective. */
  readonly distance?: number;
  /** Standard deviation, as a part of the distance between the outer eye corners; `random` is standard normal. */
  readonly noise?: number;
  readonly random?: () => number;
}

/** Turns a face as `Pose` says (nod, then turn, then lean) and takes its picture: x0, y0, x1, …, px. */
export function photograph(face: readonly Place[], view: View): Float32Array {
  const { yaw = 0, pitch = 0, roll = 0, distance = Infinity, noise = 0, random = () => 0 } = view;
  const [a, b, c] = [yaw, pitch, roll].map((angle) => (angle * Math.PI) / 180);
  const pixels = 2;
  return Float32Array.from(
    face.flatMap(([x, y, z]) => {
      // Looking up, what lies in front of the ears' axis rises.
      const y1 = y * Math.cos(b) + z * Math.sin(b);
      const z1 = z * Math.cos(b) - y * Math.sin(b);
      // Turning to its own left, the face's front goes to the picture's right.
      const x2 = x * Math.cos(a) - z1 * Math.sin(a);
      const z2 = x * Math.sin(a) + z1 * Math.cos(a);
      const f = pixels / (1 + z2 / distance);
      return [
        320 + f * (x2 * Math.cos(c) - y1 * Math.sin(c)) + random() * noise * 92 * pixels,
        240 + f * (x2 * Math.sin(c) + y1 * Math.cos(c)) + random() * noise * 92 * pixels,
      ];
    }),
  );
}

/** Standard normal numbers, the same for a seed (Box and Muller's method over a linear congruential generator). */
export function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
