import type { Face } from 'face-keypoints';
import type { State } from './state.ts';

/** Which of several faces is told of and saved by itself: the chosen one as long as it is there, else the first. */
export function chosenFace({ live, faceId }: State): { face: Face; number: number } | undefined {
  const { faces } = live;
  const at = Math.max(
    0,
    faces.findIndex(({ id }) => id === faceId),
  );
  const face = faces[at];
  return face && { face, number: at + 1 };
}
