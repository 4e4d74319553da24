/** A layer as `convolutions.ts` writes it into memory: fields of 32 bits in this order. */
@unmanaged
export class Layer {
  /** Of the weights: blocks of 8 filters; in a block rows of the kernel; in a row groups of values, for each filter in turn. */
  weights: u32;
  /** One float32 a filter: the weight that 1 stands for. */
  scales: u32;
  /** One float32 a filter. */
  biases: u32;
  filters: i32;
  kernelHeight: i32;
  /** Of values along a row of the kernel, all its channels, as many as one lane multiplies; the last filled up with zeros. */
  groups: i32;
  stride: i32;
  channels: i32;
  inputHeight: i32;
  inputWidth: i32;
  outputHeight: i32;
  outputWidth: i32;
  /** Zeros above and left of the input. */
  top: i32;
  left: i32;
  paddedHeight: i32;
  paddedWidth: i32;
  /** Largest integer that an activation may become. */
  limit: f32;
  /** 0: as it is. 1: not below zero. */
  relu: i32;
}
