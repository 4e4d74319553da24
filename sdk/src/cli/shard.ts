import { createHash } from 'node:crypto';

/** Part `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Follows from the path alone (its SHA-256), so that new pictures move none of the old ones to another part. */
export function inShard(file: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(file).digest().readUInt32BE(0) % count === index - 1;
}

/** `name.ext`, or `name-02-of-16.ext` for a part. */
export function shardName(name: string, extension: string, { index, count }: Shard): string {
  if (count === 1) return `${name}${extension}`;
  return `${name}-${String(index).padStart(String(count).length, '0')}-of-${count}${extension}`;
}
