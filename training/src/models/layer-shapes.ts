import {
  HALVING_POOL,
  sideAfter,
  type ConvOptions,
  type Layers,
  type PointNetwork,
  type PoolOptions,
} from './layers.ts';
import { sizeOf } from './parameters.ts';

/** Height, width, channels; or channels alone. */
type Shape = readonly number[];

/** Layers that compute nothing but the shapes of their kernels. */
class ShapeLayers implements Layers<Shape> {
  /** HWIO (dense: IO), by layer. */
  readonly kernels = new Map<string, Shape>();

  conv(name: string, x: Shape, { filters, kernel, stride = 1, padding = 'same' }: ConvOptions): Shape {
    this.kernels.set(name, [kernel, kernel, x[2], filters]);
    return [...x.slice(0, 2).map((side) => sideAfter(side, kernel, stride, padding)), filters];
  }

  dense(name: string, x: Shape, units: number): Shape {
    this.kernels.set(name, [x[0], units]);
    return [units];
  }

  maxPool(_name: string, x: Shape, { window, stride, padding }: PoolOptions = HALVING_POOL): Shape {
    return [...x.slice(0, 2).map((side) => sideAfter(side, window, stride, padding)), x[2]];
  }

  upsample(_name: string, [height, width, channels]: Shape): Shape {
    return [2 * height, 2 * width, channels];
  }

  globalMean(_name: string, x: Shape): Shape {
    return [x[2]];
  }

  flatten(_name: string, x: Shape): Shape {
    return [sizeOf(x)];
  }

  add = (_name: string, x: Shape) => x;
  dropout = (_name: string, x: Shape) => x;
  exp = (_name: string, x: Shape) => x;
  sigmoid = (_name: string, x: Shape) => x;
  softmaxMaps = (_name: string, [height, width, maps]: Shape) => [maps, height * width];
  expectedPlace = (_name: string, [maps]: Shape) => [2 * maps];
  expectedValues = (_name: string, [maps]: Shape) => [maps];
}

/** Shapes of a network's kernels, HWIO (dense: IO), by layer, for inputs of this size. */
export function kernelShapes(
  network: PointNetwork,
  { width, height }: { readonly width: number; readonly height: number },
): Map<string, Shape> {
  const layers = new ShapeLayers();
  network<Shape>(layers, [height, width, 1]);
  return layers.kernels;
}
