import type { PictureReader } from '../node/index.ts';

export interface Decoding {
  readonly file: string;
  readonly pixels: ReturnType<PictureReader>;
}

/** The pictures one after another; the next is decoded, on another thread, while the network is busy with this one. */
export async function* decodeAhead(
  files: readonly string[],
  read: PictureReader,
): AsyncGenerator<Decoding, void, undefined> {
  const start = (file: string): Decoding => {
    const pixels = read(file);
    // Whoever takes it sees the failure; until then it must not count as unhandled.
    pixels.catch(() => undefined);
    return { file, pixels };
  };
  let next = files.length > 0 ? start(files[0]) : undefined;
  for (let i = 1; next; i++) {
    const current = next;
    await current.pixels.catch(() => undefined);
    next = i < files.length ? start(files[i]) : undefined;
    yield current;
  }
}
