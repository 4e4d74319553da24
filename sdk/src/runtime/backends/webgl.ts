import { isSoftwareRenderer } from '../software.ts';
import type { Tf } from '../tf.ts';
import { lose, removeBackend, use, type RunningBackend, type StartOptions } from './running.ts';

/** Watches the context: tfjs does not notice its loss. */
export async function startWebGl(tf: Tf, { named }: StartOptions): Promise<RunningBackend> {
  const renderer = rendererName();
  if (renderer === undefined) throw new Error('not supported by this browser');
  if (!named && isSoftwareRenderer(renderer)) throw new Error('only a software renderer, slower than wasm');
  const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
  // Its import registers it only once, so not after a loss.
  removeBackend(tf, 'webgl');
  tf.registerBackend('webgl', () => new MathBackendWebGL(), 2);
  await use(tf, 'webgl');
  const started: RunningBackend = { waiting: new Set() };
  const backend = tf.backend();
  const { gpgpu } = backend as unknown as { gpgpu?: { gl: WebGLRenderingContext } };
  gpgpu?.gl.canvas.addEventListener('webglcontextlost', () => {
    lose('webgl', started, 'WebGL context lost');
    // Unless another has taken its place.
    if (tf.engine().registry.webgl === backend) removeBackend(tf, 'webgl');
  });
  return started;
}

/** '' when it is kept secret; undefined without WebGL 2. */
function rendererName(): string | undefined {
  const canvas =
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(1, 1)
      : typeof document !== 'undefined'
        ? document.createElement('canvas')
        : undefined;
  const gl = canvas?.getContext('webgl2') as WebGL2RenderingContext | null | undefined;
  if (!gl) return undefined;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? '');
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return renderer;
}
