import type { Sample } from './sample.ts';

/** The same sample, its pixels in memory that threads share: copied unless they are there already. */
export function inSharedMemory(sample: Sample): Sample {
  const { image } = sample;
  if (image.data.buffer instanceof SharedArrayBuffer) return sample;
  return { ...sample, image: { ...image, data: sharedCopy(image.data) } };
}

export function sharedCopy(bytes: ArrayLike<number>): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
