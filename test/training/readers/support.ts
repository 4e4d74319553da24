import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';

/** Width and height of the pictures that are made here. */
export const [WIDTH, HEIGHT] = [80, 60];

/** A new folder with these files (path: text; pictures by `null`), gone when the tests of the file are done. */
export async function folderOf(files: Readonly<Record<string, string | null>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'reader-'));
  after(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    if (text === null) {
      const grey = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#808080' } });
      await (file.endsWith('.png') ? grey.png() : grey.jpeg()).toFile(file);
    } else await writeFile(file, text);
  }
  return root;
}

/** `count` points [x, y] that differ, well inside the picture. */
export function somePoints(count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => [10 + (i % 9) * 5, 8 + Math.floor(i / 9) * 4]);
}

/** The first point of a sample, and how many it has. */
export function firstPoint(points: Float32Array | undefined): { x: number; y: number; count: number } {
  return { x: points?.[0] ?? NaN, y: points?.[1] ?? NaN, count: (points?.length ?? 0) / 2 };
}
