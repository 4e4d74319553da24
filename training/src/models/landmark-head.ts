import type { LandmarkOutputs, Layers } from './layers.ts';

/** The layer that says how hard each landmark would be to place where; its kernel starts at zero. */
export const DIFFICULTY = 'head.difficulty';

/**
 * Top-down head: the last three of four stages are summed at the resolution of the first of them (Lin et al., "Feature
 * Pyramid Networks", 2017), one map a landmark, read by soft-argmax (Sun et al., "Integral Human Pose Regression", 2018).
 * At 128 px the maps have 16x16 cells. How far a point may be off is read by its own map from what lies there, the logarithm
 * of its expected error: a hand before the chin is a matter of the chin's points alone.
 * @param width channels on the way down
 * @param markupShift see `LandmarkNetwork`
 */
export function landmarkHead<T>(
  layers: Layers<T>,
  stages: readonly T[],
  landmarks: number,
  width: number,
  markupShift = 0,
): LandmarkOutputs<T> {
  const fourth = stages[3];
  const lateral = (name: string, x: T, relu: boolean) =>
    layers.conv(name, x, { filters: width, kernel: 1, relu });
  const smooth = (name: string, x: T) => layers.conv(name, x, { filters: width, kernel: 3, relu: true });

  let top = lateral('head.lateral4', fourth, true);
  for (const level of [3, 2]) {
    top = layers.add(
      `head.sum${level}`,
      layers.upsample(`head.up${level + 1}`, top),
      lateral(`head.lateral${level}`, stages[level - 1], false),
      true,
    );
    top = smooth(`head.smooth${level}`, top);
  }

  const maps = layers.softmaxMaps(
    'head.softmax',
    layers.conv('head.maps', top, { filters: landmarks, kernel: 1, norm: false }),
  );
  const difficulty = layers.conv(DIFFICULTY, top, {
    filters: landmarks,
    kernel: 1,
    norm: false,
    initial: 'zeros',
  });
  return {
    keypoints: layers.expectedPlace('keypoints', maps, markupShift),
    spread: layers.exp('spread', layers.expectedValues('head.logSpread', maps, difficulty)),
    presence: layers.sigmoid(
      'presence',
      layers.dense('head.presence', layers.globalMean('head.pool', fourth), 1),
    ),
    maps,
  };
}
