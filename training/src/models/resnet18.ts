import { LANDMARK_COUNT } from '../../../sdk/src/landmarks/schema.ts';
import type { LandmarkNetwork, LandmarkOutputs, Layers } from './layers.ts';

const STAGES = [64, 128, 256, 512] as const;
const HEAD_WIDTH = 128;

/**
 * ResNet-18 (He et al., "Deep Residual Learning", 2016; names as in torchvision) with a top-down head: the last three
 * stages are summed at the resolution of the first of them (Lin et al., "Feature Pyramid Networks", 2017), one map a
 * landmark, read by soft-argmax (Sun et al., "Integral Human Pose Regression", 2018).
 * At 128 px the maps have 16x16 cells.
 */
export const resnet18: LandmarkNetwork = resnet18Points(LANDMARK_COUNT);

/** The same for another number of landmarks. */
export function resnet18Points(landmarks: number): LandmarkNetwork {
  return <T>(layers: Layers<T>, crop: T) => head(layers, trunk(layers, crop), landmarks);
}

function head<T>(layers: Layers<T>, stages: readonly T[], landmarks: number): LandmarkOutputs<T> {
  const [, second, third, fourth] = stages;
  const lateral = (name: string, x: T, relu: boolean) =>
    layers.conv(name, x, { filters: HEAD_WIDTH, kernel: 1, relu });
  const smooth = (name: string, x: T) => layers.conv(name, x, { filters: HEAD_WIDTH, kernel: 3, relu: true });

  let top = lateral('head.lateral4', fourth, true);
  top = layers.add(
    'head.sum3',
    layers.upsample('head.up4', top),
    lateral('head.lateral3', third, false),
    true,
  );
  top = smooth('head.smooth3', top);
  top = layers.add(
    'head.sum2',
    layers.upsample('head.up3', top),
    lateral('head.lateral2', second, false),
    true,
  );
  top = smooth('head.smooth2', top);

  const maps = layers.softmaxMaps(
    'head.softmax',
    layers.conv('head.maps', top, { filters: landmarks, kernel: 1, norm: false }),
  );
  const confidence = layers.dense('head.confidence', layers.globalMean('head.pool', fourth), landmarks + 1);
  return {
    keypoints: layers.expectedPlace('keypoints', maps),
    spread: layers.exp('spread', layers.columns('head.logSpread', confidence, 0, landmarks)),
    presence: layers.sigmoid('presence', layers.columns('head.logit', confidence, landmarks, 1)),
    maps,
  };
}

/** The four stages' feature maps, at 1/4, 1/8, 1/16 and 1/32 of the crop. */
export function trunk<T>(layers: Layers<T>, crop: T): T[] {
  let x = layers.conv('conv1', crop, { filters: STAGES[0], kernel: 7, stride: 2, relu: true });
  x = layers.maxPool('pool1', x);
  return STAGES.map((filters, stage) => {
    for (let block = 0; block < 2; block++) {
      x = residualBlock(layers, `layer${stage + 1}.${block}`, x, filters, stage > 0 && block === 0);
    }
    return x;
  });
}

function residualBlock<T>(layers: Layers<T>, name: string, x: T, filters: number, halve: boolean): T {
  const stride = halve ? 2 : 1;
  const shortcut = halve ? layers.conv(`${name}.downsample.0`, x, { filters, kernel: 1, stride }) : x;
  const hidden = layers.conv(`${name}.conv1`, x, { filters, kernel: 3, stride, relu: true });
  return layers.add(
    `${name}.sum`,
    layers.conv(`${name}.conv2`, hidden, { filters, kernel: 3 }),
    shortcut,
    true,
  );
}
