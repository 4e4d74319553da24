import type { Layers } from './layers.ts';

/** A residual trunk: how wide, how deep. */
export interface ResNetShape {
  /** Filters of the first convolution, which halves the crop before a pool halves it again. */
  readonly stem: { readonly filters: number; readonly kernel: number };
  /** Each stage but the first halves the map. */
  readonly stages: readonly { readonly filters: number; readonly blocks: number }[];
}

/**
 * Residual network of basic blocks (He et al., "Deep Residual Learning", 2016; names as in torchvision).
 * @returns the stages' feature maps, at 1/4, 1/8, 1/16, … of the crop
 */
export function resnetTrunk<T>(layers: Layers<T>, crop: T, { stem, stages }: ResNetShape): T[] {
  let x = layers.conv('conv1', crop, { ...stem, stride: 2, relu: true });
  x = layers.maxPool('pool1', x);
  return stages.map(({ filters, blocks }, stage) => {
    for (let block = 0; block < blocks; block++) {
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
