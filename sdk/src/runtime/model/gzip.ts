/** Unpacking of gzip (RFC 1952) with the platform's own `DecompressionStream`. */
import { FaceKeypointsError } from '../../errors.ts';

export const canUnpack = (): boolean => typeof DecompressionStream !== 'undefined';

/** Whether the bytes are packed: a server that takes `.gz` for an encoding has unpacked them on the way. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @throws FaceKeypointsError `model-corrupt`: cut short or damaged */
export async function unpack(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  try {
    const unpacked = new Response(packed.pipeThrough(new DecompressionStream('gzip')));
    return new Uint8Array(await unpacked.arrayBuffer());
  } catch (cause) {
    const message = `${name} cannot be unpacked: it is damaged or cut short. Load it again; if it stays so, export it again.`;
    throw new FaceKeypointsError('model-corrupt', message, { cause });
  }
}
