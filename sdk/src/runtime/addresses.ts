import { FaceKeypointsError } from '../errors.ts';

/** Against which relative addresses are read; undefined in Node. */
export const pageUrl = (): string | undefined =>
  typeof document !== 'undefined' ? document.baseURI : globalThis.location?.href;

/** @throws FaceKeypointsError `option-invalid` */
export function absoluteUrl(url: string | URL): string {
  try {
    return new URL(url, pageUrl()).href;
  } catch (cause) {
    const message = `"${String(url)}" is no URL. Outside a page it must be absolute.`;
    throw new FaceKeypointsError('option-invalid', message, { cause });
  }
}
