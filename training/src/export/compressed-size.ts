import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Bytes that a file has as it is and on its way through the network, measured. */
export interface CompressedSize {
  readonly plain: number;
  /** `gzip -9` */
  readonly gzip: number;
  /** Quality 11, half a minute for a large model. */
  readonly brotli: number;
}

export function gzipSize(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length;
}

export function compressedSize(bytes: Uint8Array): CompressedSize {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    plain: bytes.length,
    gzip: gzipSize(bytes),
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}
