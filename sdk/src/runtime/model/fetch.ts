import { FaceKeypointsError } from '../../errors.ts';
import { joinBytes } from './manifest.ts';

/**
 * A file's bytes; `file:` URLs work in Node.
 * @param onBytes told how many have come so far, and of how many, where the server says so
 * @throws FaceKeypointsError `model-missing`; the signal's reason when aborted
 */
export async function fetchBytes(
  url: string,
  signal?: AbortSignal,
  onBytes?: (loaded: number, expected: number | undefined) => void,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (url.startsWith('file:')) return readFile(url);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FaceKeypointsError(
      'model-missing',
      `Could not load ${url}. Check the connection and the address.`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new FaceKeypointsError(
      'model-missing',
      `Could not load ${url}: the server answered ${response.status}. Check that the file is deployed there.`,
    );
  }
  try {
    if (!response.body || !onBytes) return new Uint8Array(await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    const expected = expectedOf(response.headers);
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      chunks.push(chunk.value);
      onBytes((loaded += chunk.value.length), expected);
    }
    return new Uint8Array(joinBytes(chunks, loaded));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FaceKeypointsError(
      'model-missing',
      `Loading ${url} broke off. Check the connection and try again.`,
      { cause },
    );
  }
}

/** Bytes of the body as it is read: of one that travels in an encoding the header tells another number. */
function expectedOf(headers: Headers): number | undefined {
  const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
  return length > 0 ? length : undefined;
}

/** Node's fetch knows no file: URLs. The name is a variable so that bundlers for browsers do not follow it. */
async function readFile(url: string): Promise<Uint8Array> {
  try {
    const node = 'node:fs/promises';
    const fs = (await import(/* @vite-ignore */ /* webpackIgnore: true */ node)) as {
      readFile(url: URL): Promise<Uint8Array>;
    };
    return new Uint8Array(await fs.readFile(new URL(url)));
  } catch (cause) {
    throw new FaceKeypointsError('model-missing', `Could not read ${url}. Check that the file is there.`, {
      cause,
    });
  }
}
