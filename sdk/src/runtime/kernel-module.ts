/** What the WebAssembly kernels have in common. */

const PAGE = 65536;

/** A kernel's bytes, as `npm run kernels` writes them. */
export function kernelBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** Makes sure that a memory has so many bytes; views of it are to be made anew. @throws RangeError where there are no more */
export function ensureBytes(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}
