/** Names by which rasterisers without a GPU give themselves away. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;

/** Whether a WebGPU adapter runs on the CPU, where it is some 50 times slower than WebAssembly. */
export function isSoftwareAdapter(adapter: {
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly device?: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly isFallbackAdapter?: boolean;
}): boolean {
  const { info } = adapter;
  if (adapter.isFallbackAdapter || info?.isFallbackAdapter) return true;
  return SOFTWARE.test([info?.vendor, info?.architecture, info?.device, info?.description].join(' '));
}

/** Whether the renderer string of a WebGL context names a software rasteriser. */
export function isSoftwareRenderer(renderer: string): boolean {
  return SOFTWARE.test(renderer);
}
