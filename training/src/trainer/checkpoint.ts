import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sizeOf } from '../models/parameters.ts';
import { type ModelState } from './model-state.ts';
import type { TrainSettings } from './settings.ts';

/** A run at the end of an epoch. */
export interface Checkpoint {
  readonly network: string;
  readonly settings: TrainSettings;
  /** Epochs done. */
  readonly epoch: number;
  readonly state: ModelState;
}

interface Header {
  readonly format: 'face-keypoints-checkpoint/1';
  readonly network: string;
  readonly settings: TrainSettings;
  readonly epoch: number;
  readonly parameters: {
    readonly name: string;
    readonly shape: readonly number[];
    readonly trainable: boolean;
  }[];
}

/** A file that is not a whole checkpoint. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/**
 * Length of the header (uint32), the header (JSON, padded to four bytes), then for each parameter its values, average
 * and, where it is trainable, both moments, float32 little endian. Written beside and renamed, so that a kill leaves
 * the old file or the new one.
 */
export async function writeCheckpoint(
  file: string,
  { network, settings, epoch, state }: Checkpoint,
): Promise<void> {
  const header: Header = {
    format: 'face-keypoints-checkpoint/1',
    network,
    settings,
    epoch,
    parameters: [...state.parameters].map(([name, { shape, trainable }]) => ({ name, shape, trainable })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4, ' ');
  text.copy(padded);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.part`, 'w');
  try {
    // Unlike `write`, which may take a part, it writes all or fails, as where a disk is full.
    await handle.writeFile(length);
    await handle.writeFile(padded);
    for (const [name, { values, trainable }] of state.parameters) {
      const own = state.moments.get(name);
      if (!own) throw new Error(`no moments of ${name}`);
      const arrays = trainable ? [values, own.average, own.first, own.second] : [values, own.average];
      for (const array of arrays)
        await handle.writeFile(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}

/** @throws CheckpointError when the file is not one of ours, or cut short */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const bytes = await readFile(file);
  const headerLength = bytes.length > 4 ? bytes.readUInt32LE(0) : 0;
  let header: Header;
  try {
    header = JSON.parse(bytes.toString('utf8', 4, 4 + headerLength)) as Header;
  } catch (cause) {
    throw new CheckpointError(`${file} is not a checkpoint of this trainer`, { cause });
  }
  if (header.format !== 'face-keypoints-checkpoint/1') {
    throw new CheckpointError(`${file} has format ${String(header.format)}, not face-keypoints-checkpoint/1`);
  }
  let offset = 4 + headerLength;
  const take = (count: number) => {
    if (offset + count * 4 > bytes.length) throw new CheckpointError(`${file} is cut short`);
    const array = new Float32Array(new Uint8Array(bytes.subarray(offset, offset + count * 4)).buffer);
    offset += count * 4;
    return array;
  };
  const state: ModelState = { parameters: new Map(), moments: new Map() };
  for (const { name, shape, trainable } of header.parameters) {
    const size = sizeOf(shape);
    state.parameters.set(name, { shape, trainable, values: take(size) });
    const average = take(size);
    const first = trainable ? take(size) : new Float32Array(size);
    const second = trainable ? take(size) : new Float32Array(size);
    state.moments.set(name, { average, first, second });
  }
  return { network: header.network, settings: header.settings, epoch: header.epoch, state };
}
