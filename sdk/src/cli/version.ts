import { readFile } from 'node:fs/promises';

/** The package's version: its package.json lies above this file, one folder in the build and two in the sources. */
export async function packageVersion(): Promise<string> {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(await readFile(new URL(place, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'face-keypoints' && version) return version;
    } catch {
      // Not there.
    }
  }
  return 'unknown';
}
