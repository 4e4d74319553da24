import { fitBody, type BodyModel } from './body-fit.ts';
import { MEAN_FACE, MEAN_FACE_DEVIATIONS } from './mean-face.ts';
import { centre, LANDMARK_GROUPS, type LandmarkGroup } from './schema.ts';

/** Turn of the head, degrees, 0 when it faces the camera. See `estimatePose` for the method and its errors. */
export interface Pose {
  /** Positive when the face turns to its own left, i.e. to the right of a picture that is not mirrored. */
  readonly yaw: number;
  /** Positive when the face looks up. */
  readonly pitch: number;
  /** Positive when the head leans clockwise in the picture. */
  readonly roll: number;
}

/** Landmarks that move with the skull: no jaw (its marks slide along the visible outline), no lower or inner lips. */
const RIGID: readonly number[] = Array.from({ length: 55 - 17 }, (_, i) => 17 + i);
/** Outer eye distance over the distance to the camera: portraits have 1/30, webcams 1/6. Mean and deviation. */
const NEARNESS = [0.06, 0.08] as const;

const HEAD: BodyModel = {
  landmarks: RIGID,
  positions: RIGID.flatMap((i) => MEAN_FACE.slice(3 * i, 3 * i + 3)),
  weights: RIGID.map((i) => 1 / MEAN_FACE_DEVIATIONS[i] ** 2),
  modes: [
    // How heads differ, about one standard deviation each: long, deep, long-nosed; then brows and mouth.
    mode((_, y) => [0, 0.06 * y, 0]),
    mode((_, __, z) => [0, 0, 0.06 * z]),
    mode((_, __, z) => [0, 0, 0.1 * z], ['noseBridge', 'noseBase']),
    mode(() => [0, -50, 0], ['rightBrow', 'leftBrow']),
    mode((x) => [0.1 * x, 0, 0], ['outerLips']),
    mode(() => [0, 40, 0], ['outerLips']),
    mode(() => [0, 0, 50], ['outerLips']),
  ],
  nearness: [NEARNESS[0] / 1000, NEARNESS[1] / 1000],
};

/**
 * The head's pose: a mean 3D face of 38 points (brows, eyes, nose, upper lip; see `MEAN_FACE`) is fitted to the landmarks
 * by POSIT's first step and robust Gauss-Newton steps (see `fitBody`). Seven modes with priors let it be longer, deeper
 * or another expression, as a mean alone would take these for turns.
 *
 * Measured: a face that is not the model, turned by up to 40° about one axis or 20 to 25° about all three: median error 2°,
 * 95 % below 6°, the most of it in pitch, whose zero is a matter of definition (here the median of the 300-W faces).
 * AFLW2000's yaw: median error 2.0° below 30° and 2.9° from 30° to 60° (2.5° and 4.5° on landmarks by hand).
 *
 * The angles are Euler's: the head is nodded by `pitch`, then turned by `yaw`, then leant by `roll`.
 * @param points x0, y0, x1, … of 68 landmarks, px
 */
export function estimatePose(points: ArrayLike<number>): Pose {
  const { rotation } = fitBody(points, HEAD);
  // R = Rz(roll) Ry(-yaw) Rx(-pitch), as z points away from the camera.
  return {
    yaw: degrees(Math.asin(Math.max(-1, Math.min(1, rotation[6])))),
    pitch: degrees(Math.atan2(-rotation[7], rotation[8])),
    roll: degrees(Math.atan2(rotation[3], rotation[0])),
  };
}

/** A mode of `HEAD`: how far each point goes, by its place (x, y, z); only points of `groups`, where given. */
function mode(
  shift: (x: number, y: number, z: number) => readonly [number, number, number],
  groups?: readonly LandmarkGroup[],
): readonly number[] {
  return RIGID.flatMap((i) => {
    const moves =
      !groups || groups.some((name) => i >= LANDMARK_GROUPS[name][0] && i < LANDMARK_GROUPS[name][1]);
    const [x, y, z] = MEAN_FACE.slice(3 * i, 3 * i + 3);
    return moves ? shift(x, y, z) : [0, 0, 0];
  });
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

/**
 * Whether points could be a face: finite, the mouth below the eyes (in the face's own axes), eyes apart.
 * Rejects what a network makes of a crop that holds something else.
 */
export function isPlausibleFace(points: ArrayLike<number>): boolean {
  for (let i = 0; i < points.length; i++) if (!Number.isFinite(points[i])) return false;
  const [rx, ry] = centre(points, LANDMARK_GROUPS.rightEye);
  const [lx, ly] = centre(points, LANDMARK_GROUPS.leftEye);
  const [mx, my] = centre(points, LANDMARK_GROUPS.outerLips);
  const dx = lx - rx;
  const dy = ly - ry;
  const eyes = Math.hypot(dx, dy);
  const chin = Math.hypot(points[16] - (rx + lx) / 2, points[17] - (ry + ly) / 2);
  if (eyes < 2 || eyes < 0.1 * chin) return false;
  const down = ((mx - (rx + lx) / 2) * -dy + (my - (ry + ly) / 2) * dx) / eyes;
  return down > 0.2 * eyes && down < 8 * eyes;
}
