/* eslint-disable @typescript-eslint/no-unsafe-declaration-merging -- typing only: HTMLElement has the method */
import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { FaceKeypointsError } from '../errors.ts';
import type { Face } from '../face.ts';
import { BACKENDS, type BackendName, type BackendOption } from '../runtime/backend.ts';
import type { ModelSource } from '../runtime/model-store.ts';
import type { SmoothingOptions } from '../smoothing/one-euro.ts';
import { FaceTracker } from '../tracker.ts';
import { choice, count, onOff } from './attributes.ts';
import { openCamera, openSource, openUrl, type ElementSource, type Media } from './media.ts';
import { containFit, drawFaces, type OverlayStyle } from './overlay.ts';
import { styles } from './styles.ts';
import { nextVideoFrame } from './video-frames.ts';

/** `idle`: no input. `loading`: models or input. `running`: faces are looked for. `paused`, `error`: as they say. */
export type ElementState = 'idle' | 'loading' | 'running' | 'paused' | 'error';

export interface ElementStats {
  /** Frames worked on per second, smoothed; 0 for stills. */
  readonly fps: number;
  readonly backend: BackendName | undefined;
  /** Time in the detector and in the landmark model (with crop) for the last frame, ms; 0: did not run. */
  readonly detectMs: number;
  readonly landmarkMs: number;
}

/** `detail` of each event. All bubble and are composed. */
export interface FaceKeypointsEventDetails {
  /** The models are loaded. */
  ready: { backend: BackendName };
  /** Bytes of the models' weights. */
  progress: { loaded: number; total: number };
  /** A frame's faces, in pixels of the frame: `width` x `height`; `timestamp` in ms. */
  keypoints: { faces: Face[]; width: number; height: number; timestamp: number };
  facefound: { face: Face };
  facelost: { id: number };
  statechange: { state: ElementState };
  error: FaceKeypointsError;
}

/** Listeners know their event's `detail`. */
export interface FaceKeypointsElement {
  addEventListener<K extends keyof FaceKeypointsEventDetails>(
    type: K,
    listener: (event: CustomEvent<FaceKeypointsEventDetails[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

const MODEL_PROPERTIES = [
  'model',
  'detector',
  'wasmPath',
  'threads',
  'backend',
  'maxFaces',
  'smoothing',
] as const;
const INPUT_PROPERTIES = ['source', 'camera', 'src', 'facingMode'] as const;

/**
 * `<face-keypoints>`: shows a camera, picture or video with the landmarks of the faces in it.
 * Starts by itself once it is in the page and has an input: `source` before `camera` before `src`.
 *
 * @slot loading - in place of the text while models or input load
 * @slot error - in place of the message and its button
 * @csspart media - the picture or video
 * @csspart overlay - the canvas with the landmarks
 * @cssprop --face-keypoints-color - of the landmarks
 */
export class FaceKeypointsElement extends LitElement {
  static override styles = styles;

  static override properties: PropertyDeclarations = {
    camera: { type: Boolean },
    src: {},
    source: { attribute: false },
    model: {},
    detector: {},
    wasmPath: { attribute: 'wasm-path' },
    threads: { type: Boolean },
    backend: { converter: choice('backend', ['auto', ...BACKENDS]) },
    maxFaces: { attribute: 'max-faces', converter: count('max-faces', 1) },
    smoothing: { converter: onOff('smoothing') },
    mirror: { type: Boolean },
    overlay: { converter: choice('overlay', ['points', 'contours', 'none']) },
    facingMode: { attribute: 'facing-mode', converter: choice('facing-mode', ['user', 'environment']) },
    paused: { type: Boolean },
    _state: { state: true },
    _status: { state: true },
    _percent: { state: true },
    _media: { state: true },
  };

  /** Use the camera. */
  declare camera: boolean;
  /** Address of a picture or video. */
  declare src: string | null;
  /** Any input that has no address: a file, video element, stream, bitmap, … */
  declare source: ElementSource | null;
  /** The landmark model's `model.json`, or a model in memory. */
  declare model: ModelSource | null;
  /** The detector's `model.json`, or a model in memory. */
  declare detector: ModelSource | null;
  /** Folder of the wasm binaries. */
  declare wasmPath: string | null;
  /** Let wasm use several threads; see the headless option. */
  declare threads: boolean;
  declare backend: BackendOption;
  declare maxFaces: number;
  declare smoothing: boolean | SmoothingOptions;
  /** Show as in a mirror; coordinates stay those of the frame. */
  declare mirror: boolean;
  declare overlay: OverlayStyle;
  declare facingMode: 'user' | 'environment';
  declare paused: boolean;
  declare private _state: ElementState;
  declare private _status: string;
  declare private _percent: number | undefined;
  declare private _media: Media | undefined;

  #faces: Face[] = [];
  #stats: ElementStats = { fps: 0, backend: undefined, detectMs: 0, landmarkMs: 0 };
  #error: FaceKeypointsError | undefined;
  #loading: { readonly tracker: Promise<FaceTracker>; readonly abort: AbortController } | undefined;
  #run: AbortController | undefined;
  #stopped = false;
  #fresh = true;
  #lastFrame = 0;
  #resize: ResizeObserver | undefined;

  constructor() {
    super();
    this.camera = false;
    this.src = null;
    this.source = null;
    this.model = null;
    this.detector = null;
    this.wasmPath = null;
    this.threads = false;
    this.backend = 'auto';
    this.maxFaces = 1;
    this.smoothing = true;
    this.mirror = false;
    this.overlay = 'points';
    this.facingMode = 'user';
    this.paused = false;
    this._state = 'idle';
    this._status = '';
  }

  /** The last frame's faces. */
  get faces(): readonly Face[] {
    return this.#faces;
  }

  get state(): ElementState {
    return this._state;
  }

  get stats(): ElementStats {
    return this.#stats;
  }

  /** Why `state` is `error`. */
  get error(): FaceKeypointsError | undefined {
    return this.#error;
  }

  /** Loads the models ahead of any input. Resolves when they are there or an `error` event has told why not. */
  async load(): Promise<void> {
    const tracker = this.#tracker();
    const loading = this.#loading;
    try {
      await tracker;
    } catch (error) {
      // What was given up, for other options or on leaving the page, has not failed.
      if (!loading?.abort.signal.aborted) this.#fail(error);
    }
  }

  /**
   * Starts, or starts again, with the input given. Needed only after `stop()` or an error: a new input starts by itself.
   * Resolves when the first frame is done or an `error` event has told why not.
   */
  async start(): Promise<void> {
    this.#halt();
    this.#stopped = false;
    if (!this.isConnected || !this.#hasInput()) return;
    const run = new AbortController();
    this.#run = run;
    this.#error = undefined;
    this.#setState('loading', 'Loading.');
    try {
      // The camera's prompt and the models' loading go side by side; the first failure counts.
      const trackerReady = this.#tracker();
      const mediaReady = this.#open(run.signal).then((media) => {
        if (run.signal.aborted) media.release();
        else run.signal.addEventListener('abort', () => media.release(), { once: true });
        return media;
      });
      const media = await Promise.race([mediaReady, trackerReady.then(() => mediaReady)]);
      run.signal.throwIfAborted();
      media.view.setAttribute('part', 'media');
      this._media = media;
      this.#watch(media, run.signal);
      const tracker = await trackerReady;
      run.signal.throwIfAborted();
      tracker.reset();
      await this.#frame(tracker, media, performance.now(), run.signal);
      // Its events may have led to an end.
      run.signal.throwIfAborted();
      this.#setState(
        this.paused ? 'paused' : 'running',
        this.#faces.length === 0 ? 'No face found.' : this._status,
      );
      if (media.video) void this.#loop(tracker, media, media.video, run.signal);
    } catch (error) {
      if (!run.signal.aborted) this.#fail(error);
    }
  }

  /** Ends input and tracking; a camera goes off at once. The last picture goes, the models stay for the next start. */
  stop(): void {
    this.#stopped = true;
    this.#halt();
    this.#setState('idle', 'Stopped.');
  }

  /**
   * The current picture, in its own pixels, with the landmarks unless `overlay` is false; mirrored as it is shown.
   * @throws FaceKeypointsError `input-invalid` when there is no picture
   */
  async snapshot({
    overlay = true,
    type = 'image/png',
    quality,
  }: { overlay?: boolean; type?: string; quality?: number } = {}): Promise<Blob> {
    const media = this._media;
    if (!media)
      throw new FaceKeypointsError(
        'input-invalid',
        'There is no picture yet. Wait for the first "keypoints" event.',
      );
    const canvas = Object.assign(document.createElement('canvas'), {
      width: media.width,
      height: media.height,
    });
    const context = canvas.getContext('2d')!;
    if (this.mirror) context.setTransform(-1, 0, 0, 1, media.width, 0);
    context.drawImage(media.view, 0, 0, media.width, media.height);
    if (overlay) drawFaces(context, this.#faces, this.overlay, this.#color(), { x: 0, y: 0, scale: 1 }, 1);
    return new Promise((resolve, reject) => {
      const done = (blob: Blob | null): void =>
        blob
          ? resolve(blob)
          : reject(new FaceKeypointsError('input-invalid', `The picture cannot be saved as ${type}.`));
      canvas.toBlob(done, type, quality);
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize = new ResizeObserver(() => this.#draw());
    this.#resize.observe(this);
    // The first start comes with the first update; this is a return to the page.
    if (this.hasUpdated && !this.#stopped) void this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#halt();
    this.#unload();
    this.#setState('idle', '');
  }

  protected override updated(changed: PropertyValues): void {
    // Lit counts the constructor's defaults as changes of the first update.
    const first = this.#fresh;
    this.#fresh = false;
    const models = !first && MODEL_PROPERTIES.some((name) => changed.has(name));
    const input = first ? !this.#run && !this.#stopped : INPUT_PROPERTIES.some((name) => changed.has(name));
    if (models) this.#unload();
    if (input || (models && !this.#stopped)) {
      // Later, as it changes what is being rendered.
      if (this.#hasInput()) queueMicrotask(() => void this.start());
      else if (this.#run) queueMicrotask(() => this.stop());
    } else if (changed.has('paused')) queueMicrotask(() => this.#applyPaused());
    if (changed.has('overlay') || changed.has('mirror') || changed.has('_media')) this.#draw();
  }

  protected override render(): TemplateResult {
    const media = this._media;
    const loading = this._state === 'loading';
    const failed = this._state === 'error';
    return html`
      <div class="stage ${this.mirror ? 'mirrored' : ''}">
        <div class="media">${media?.view ?? nothing}</div>
        <canvas class="overlay" part="overlay" aria-hidden="true"></canvas>
      </div>
      ${
        loading && !media
          ? html`<div class="message">
              <slot name="loading"
                ><p>Loading${this._percent === undefined ? '' : ` ${this._percent} %`}</p></slot
              >
            </div>`
          : nothing
      }
      ${
        failed
          ? html`<div class="message">
              <slot name="error">
                <p>${this.#error?.message}</p>
                <button type="button" @click=${() => void this.start()}>Try again</button>
              </slot>
            </div>`
          : nothing
      }
      <div class="status" role="status">${this._status}</div>
    `;
  }

  #hasInput(): boolean {
    return this.source !== null || this.camera || !!this.src;
  }

  #open(signal: AbortSignal): Promise<Media> {
    if (this.source !== null) return openSource(this.source, signal);
    if (this.camera) return openCamera(this.facingMode, signal);
    return openUrl(this.src ?? '', signal);
  }

  /** A camera that is unplugged or no longer allowed ends its track; stopping it ourselves says nothing. */
  #watch({ track }: Media, signal: AbortSignal): void {
    const ended = (): void =>
      this.#fail(
        new FaceKeypointsError(
          'camera-missing',
          'The camera was unplugged or is no longer allowed. Connect or allow it, then start again.',
        ),
      );
    track?.addEventListener('ended', ended, { signal });
    if (track?.readyState === 'ended') ended();
  }

  /** Works until aborted; frames that come while one is in work are dropped. */
  async #loop(
    tracker: FaceTracker,
    media: Media,
    video: HTMLVideoElement,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      this.#applyPaused();
      for (;;) {
        const now = await nextVideoFrame(video, signal);
        if (!this.paused) await this.#frame(tracker, media, now, signal);
        // Somebody else's video goes on while we pause, and its copy stands still.
        else await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #frame(tracker: FaceTracker, media: Media, timestamp: number, signal: AbortSignal): Promise<void> {
    media.refresh();
    const { width, height } = media;
    const start = performance.now();
    const faces = await (media.video ? tracker.track(media.source, timestamp) : tracker.detect(media.source));
    signal.throwIfAborted();
    this.#measure(tracker, start, media.video !== undefined);
    const before = this.#faces;
    this.#faces = faces;
    this.#draw();
    this.#emit('keypoints', { faces, width, height, timestamp });
    for (const face of faces) if (!before.some(({ id }) => id === face.id)) this.#emit('facefound', { face });
    for (const { id } of before) if (!faces.some((face) => face.id === id)) this.#emit('facelost', { id });
    if (faces.length !== before.length) {
      this._status =
        faces.length === 0
          ? 'No face found.'
          : faces.length === 1
            ? 'One face found.'
            : `${faces.length} faces found.`;
    }
  }

  #measure(tracker: FaceTracker, start: number, live: boolean): void {
    const now = performance.now();
    const gap = now - (this.#lastFrame || start);
    this.#lastFrame = now;
    const { detect, landmarks } = tracker.timings;
    const fps = live && gap > 0 ? 1000 / gap : 0;
    this.#stats = {
      fps: this.#stats.fps && fps ? this.#stats.fps * 0.9 + fps * 0.1 : fps,
      backend: tracker.backend,
      detectMs: detect,
      landmarkMs: landmarks,
    };
  }

  /** The tracker, created once for the present options. */
  #tracker(): Promise<FaceTracker> {
    if (!this.#loading) {
      const abort = new AbortController();
      const bytes = new Map<string, { loaded: number; total: number }>();
      const tracker = FaceTracker.create({
        ...(this.model !== null && { model: this.model }),
        ...(this.detector !== null && { detector: this.detector }),
        ...(this.wasmPath !== null && { wasmPath: new URL(this.wasmPath, document.baseURI).href }),
        threads: this.threads,
        backend: this.backend,
        maxFaces: this.maxFaces,
        smoothing: this.smoothing,
        signal: abort.signal,
        onProgress: ({ url, loaded, total }) => {
          bytes.set(url, { loaded, total });
          const sum = { loaded: 0, total: 0 };
          for (const part of bytes.values()) {
            sum.loaded += part.loaded;
            sum.total += part.total;
          }
          this._percent = sum.total ? Math.floor((100 * sum.loaded) / sum.total) : undefined;
          this.#emit('progress', sum);
        },
      });
      const loading = { tracker, abort };
      this.#loading = loading;
      tracker.then(
        ({ backend }) => {
          if (this.#loading !== loading) return;
          this.#stats = { ...this.#stats, backend };
          this.#emit('ready', { backend });
        },
        () => {
          // So that the next start tries again.
          if (this.#loading === loading) this.#loading = undefined;
        },
      );
    }
    return this.#loading.tracker;
  }

  #unload(): void {
    const loading = this.#loading;
    this.#loading = undefined;
    loading?.abort.abort();
    loading?.tracker.then(
      (tracker) => tracker.close(),
      () => undefined,
    );
  }

  /** Ends what runs; says nothing. */
  #halt(): void {
    this.#run?.abort(new DOMException('Stopped', 'AbortError'));
    this.#run = undefined;
    this._media?.release();
    this._media = undefined;
    this.#lastFrame = 0;
    this.#stats = { ...this.#stats, fps: 0 };
    const before = this.#faces;
    this.#faces = [];
    for (const { id } of before) this.#emit('facelost', { id });
    this.#draw();
  }

  #fail(cause: unknown): void {
    const error =
      cause instanceof FaceKeypointsError
        ? cause
        : new FaceKeypointsError(
            'backend-unavailable',
            'Something unexpected failed while looking for faces. Try again, or with another backend.',
            { cause },
          );
    this.#halt();
    // A lost device takes its tracker along; the next start makes another.
    if (error.code === 'device-lost') this.#unload();
    this.#error = error;
    this.#setState('error', error.message);
    this.#emit('error', error);
  }

  #applyPaused(): void {
    const { _media: media } = this;
    if (!media) return;
    if (media.owned && media.video) {
      if (this.paused) media.video.pause();
      else media.video.play().catch(() => undefined);
    }
    if (this._state === 'running' || this._state === 'paused') {
      this.#setState(this.paused ? 'paused' : 'running', this.paused ? 'Paused.' : 'Running.');
    }
  }

  #setState(state: ElementState, status: string): void {
    this._status = status;
    if (state === this._state) return;
    this._state = state;
    this.#emit('statechange', { state });
  }

  #draw(): void {
    const canvas = this.renderRoot?.querySelector<HTMLCanvasElement>('.overlay');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const media = this._media;
    if (media && canvas.parentElement)
      canvas.parentElement.style.aspectRatio = `${media.width} / ${media.height}`;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    // Setting a canvas's size also clears it, at the price of new memory.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.clearRect(0, 0, width, height);
    if (!media || this.#faces.length === 0) return;
    drawFaces(
      context,
      this.#faces,
      this.overlay,
      this.#color(),
      containFit(width, height, media.width, media.height),
      ratio,
    );
  }

  #color(): string {
    const canvas = this.renderRoot.querySelector('.overlay');
    return canvas ? getComputedStyle(canvas).color : '#2dd4bf';
  }

  #emit<K extends keyof FaceKeypointsEventDetails>(type: K, detail: FaceKeypointsEventDetails[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
