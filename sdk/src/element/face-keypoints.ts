/* eslint-disable @typescript-eslint/no-unsafe-declaration-merging -- typing only: HTMLElement has the methods */
import type { PropertyValues, TemplateResult } from 'lit';
import { FaceKeypointsError, toFaceKeypointsError, type FaceKeypointsErrorCode } from '../errors.ts';
import type { Face } from '../face.ts';
import { WorkerTracker } from '../worker/client.ts';
import type { Tracker } from '../tracker.ts';
import { Announcer, facesFound } from './announcer.ts';
import {
  createEvent,
  type ElementState,
  type ElementStats,
  type FaceKeypointsEventDetails,
  type FaceKeypointsEventMap,
} from './events.ts';
import { FrameRate } from './frame-rate.ts';
import type { Media } from './media/media.ts';
import { openInput } from './media/open.ts';
import { Models } from './models.ts';
import { FaceKeypointsOptions } from './options.ts';
import { drawOverlay, penOf } from './overlay-canvas.ts';
import { effectsOf, type InputKind } from './properties.ts';
import { Session, type TrackedFrame } from './session.ts';
import { takeSnapshot, type SnapshotOptions } from './snapshot.ts';
import { styles } from './styles.ts';
import { template } from './template.ts';

/** After these a tracker is of no more use (its device or worker is gone); the next start makes another. */
const ENDS_TRACKER: ReadonlySet<FaceKeypointsErrorCode> = new Set([
  'device-lost',
  'tracker-closed',
  'unexpected',
]);

/** Listeners know their event's `detail`. */
export interface FaceKeypointsElement {
  addEventListener<K extends keyof FaceKeypointsEventMap>(
    type: K,
    listener: (this: FaceKeypointsElement, event: FaceKeypointsEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof FaceKeypointsEventMap>(
    type: K,
    listener: (this: FaceKeypointsElement, event: FaceKeypointsEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/**
 * Shows a camera, picture or video with the landmarks of the faces in it.
 * Starts by itself once it is in the page and has an input: `source` before `camera` before `src`.
 *
 * @tagname face-keypoints
 * @fires {CustomEvent<{ backend: BackendName }>} ready - The models are loaded.
 * @fires {CustomEvent<{ loaded: number; total: number }>} progress - Bytes of the models' weights.
 * @fires {CustomEvent<{ faces: Face[]; width: number; height: number; timestamp: number }>} keypoints - A frame's faces, in pixels of the frame; `timestamp` in ms.
 * @fires {CustomEvent<{ face: Face }>} facefound - A face came into the picture.
 * @fires {CustomEvent<{ id: number }>} facelost - A face left it.
 * @fires {CustomEvent<{ state: ElementState }>} statechange - `state` has changed.
 * @fires {CustomEvent<FaceKeypointsError>} error - It cannot go on; `detail.code` says why. Does not bubble.
 *
 * @slot loading - In place of the text while models or input load.
 * @slot error - In place of the message and its button.
 * @slot controls - Buttons and the like, at the lower edge of the picture.
 *
 * @csspart stage - The picture and what lies on it.
 * @csspart media - The picture or video itself.
 * @csspart overlay - The canvas with the landmarks.
 * @csspart message - The text while loading or after an error.
 * @csspart play - What holds the Play button, where a video may not play by itself.
 * @csspart progress - The bar while models load.
 * @csspart button - The error's button, and Play where a video may not play by itself.
 * @csspart controls - The row that holds the slot of that name.
 * @csspart status - What screen readers are told; not seen unless styled to be.
 *
 * @cssproperty {<color>} [--face-keypoints-color=#2dd4bf] - Of the landmarks.
 * @cssproperty {<number>} [--face-keypoints-line-width=1] - Factor on the width of lines and dots.
 * @cssproperty [--face-keypoints-background] - Behind the picture and the messages; by default a hint of the text's colour.
 * @cssproperty {<length>} [--face-keypoints-radius=0] - Of the corners.
 */
export class FaceKeypointsElement extends FaceKeypointsOptions {
  static override styles = styles;

  readonly #models = new Models({
    progress: (sum) => {
      const percent = sum.total ? Math.floor((100 * sum.loaded) / sum.total) : undefined;
      if (percent !== this.#percent) {
        this.#percent = percent;
        this.requestUpdate();
      }
      this.#emit('progress', sum);
    },
    ready: ({ backend }) => {
      this.#percent = undefined;
      this.requestUpdate();
      this.#emit('ready', { backend });
    },
  });
  readonly #announcer = new Announcer(() => this.requestUpdate());
  readonly #rate = new FrameRate();
  #state: ElementState = 'idle';
  #error: FaceKeypointsError | undefined;
  #session: Session | undefined;
  #faces: readonly Face[] = [];
  #percent: number | undefined;
  /** In a page, as far as work is concerned: a move within it is no leave. */
  #mounted = false;
  /** By `load()` before that. */
  #loadOnMount = false;
  /** By `stop()`. */
  #stopped = false;
  #resize: ResizeObserver | undefined;
  /** Failures that were told. */
  readonly #told = new WeakSet<Error>();
  /** As of the last update; undefined before the first. */
  #kind: InputKind | undefined;

  /** The last frame's faces. */
  get faces(): readonly Face[] {
    return this.#faces;
  }

  /** What it is doing. */
  get state(): ElementState {
    return this.#state;
  }

  /** Why `state` is `error`. */
  get error(): FaceKeypointsError | undefined {
    return this.#error;
  }

  /** The tracker at work, once it is loaded: its metadata, timings and backend. The element closes it. */
  get tracker(): Tracker | undefined {
    return this.#models.tracker;
  }

  /** How fast it is, and on what. */
  get stats(): ElementStats {
    const { tracker } = this;
    const { detect, landmarks } = tracker?.timings ?? { detect: 0, landmarks: 0 };
    return {
      fps: this.#rate.fps,
      backend: tracker?.backend,
      worker: tracker instanceof WorkerTracker,
      detectMs: detect,
      landmarkMs: landmarks,
    };
  }

  /**
   * Loads the models ahead of any input. Resolves when they are there or an `error` event has told why not. They are freed
   * when the element leaves the page; outside one it holds nothing, so there they wait until it comes into a page, and this
   * resolves at once.
   */
  async load(): Promise<void> {
    // It brings what frameworks have set into form.
    if (this.#mounted && !this.hasUpdated) await this.updateComplete;
    if (!this.#mounted) {
      this.#loadOnMount = true;
      return;
    }
    // Without an input the error was that of an earlier load.
    if (this.#state === 'error' && !this.input) this.#rest('', []);
    const tracker = this.#loadModels();
    const { signal } = this.#models;
    try {
      await tracker;
    } catch (error) {
      // What was given up, for other options or on leaving the page, has not failed.
      if (!signal?.aborted) this.#failLoad(error);
    }
  }

  /**
   * Starts, or starts again, with the input given. Needed only after `stop()` or an error: a new input starts by itself.
   * Resolves when the first frame is done or an `error` event has told why not.
   */
  async start(): Promise<void> {
    const lost = this.#endSession();
    this.#stopped = false;
    const input = this.input;
    if (!this.#mounted || !input) return this.#rest('', lost);
    const session = new Session({
      waiting: () => this.#sayWhetherWaiting(session),
      opened: () => this.requestUpdate(),
      tracked: (frame, _tracker, media) => this.#tracked(session, frame, media),
      failed: (error) => this.#fail(error),
    });
    this.#session = session;
    this.#announcer.say('Loading.');
    this.#setState('loading');
    this.#tellLost(lost);
    await session.begin(
      (signal, blocked) => openInput(input, signal, blocked),
      () => this.#loadModels(),
    );
  }

  /** Ends input and tracking; a camera goes off at once. The last picture goes, the models stay for the next start. */
  stop(): void {
    this.#stopped = true;
    this.#rest('Stopped.', this.#endSession());
  }

  /**
   * The current picture, in its own pixels, with the landmarks unless `overlay` is false; mirrored as it is shown, unless
   * `mirror` says otherwise.
   * @throws FaceKeypointsError `input-invalid` when there is no picture
   */
  async snapshot(options: SnapshotOptions = {}): Promise<Blob> {
    const media = this.#session?.media;
    if (!media)
      throw new FaceKeypointsError(
        'input-invalid',
        'There is no picture yet. Wait for the first "keypoints" event.',
      );
    const { overlay: style, mirror } = this;
    return takeSnapshot(media, { faces: this.#faces, style, pen: penOf(this.#canvas!), mirror }, options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#mounted) return;
    this.#mounted = true;
    // Of the document that it is in: one of another reports errors about layouts that it does not see.
    const { ResizeObserver } = this.ownerDocument.defaultView ?? globalThis;
    this.#resize = new ResizeObserver(() => this.#draw());
    this.#resize.observe(this);
    if (this.#loadOnMount) void this.load();
    this.#loadOnMount = false;
    // The first start comes with the first update; this is a return to the page.
    if (this.hasUpdated && !this.#stopped) void this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A move is a removal and an insertion in one go, and need not cost the camera and the models.
    queueMicrotask(() => {
      if (!this.isConnected) this.#unmount();
    });
  }

  /** Into another document: its windows paint apart, and style sheets made for one document are lost in another. */
  adoptedCallback(): void {
    this.#unmount();
    const { shadowRoot, ownerDocument } = this;
    if (!shadowRoot || shadowRoot.adoptedStyleSheets.length > 0 || !ownerDocument.defaultView) return;
    const sheet = new ownerDocument.defaultView.CSSStyleSheet();
    sheet.replaceSync(styles.cssText);
    shadowRoot.adoptedStyleSheets = [sheet];
  }

  protected override updated(changed: PropertyValues): void {
    if (this.#session?.media) this.#shape(this.#session.media);
    this.#draw();
    const before = this.#kind;
    this.#kind = this.input?.kind ?? 'none';
    if (before === undefined) {
      // Lit counts the defaults as changes of the first update.
      if (!this.#session && !this.#stopped) queueMicrotask(() => this.#restart());
      return;
    }
    const { input, camera, models, tracking, still, paused } = effectsOf(changed, before, this.#kind);
    if (models) this.#models.unload();
    if (tracking) this.#models.configure({ maxFaces: this.maxFaces, smoothing: this.smoothing });
    if (still) void this.#session?.again();
    // Later, as they change what has just been rendered.
    if (input || ((camera || models) && !this.#stopped)) queueMicrotask(() => this.#restart());
    else if (paused) queueMicrotask(() => this.#applyPaused());
  }

  protected override render(): TemplateResult {
    const session = this.#session;
    return template({
      media: session?.media,
      mirror: this.mirror,
      state: this.#state,
      percent: this.#percent,
      ready: this.tracker !== undefined,
      // Loading takes longer than a camera that need not ask.
      camera: this.input?.kind === 'camera' && this.tracker !== undefined,
      error: this.#error,
      faces: this.#faces.length,
      status: this.#announcer.text,
      retry: () => void (this.input ? this.start() : this.load()),
      // One that is paused is not to play, and waits again when it goes on.
      play: session?.waiting && this.#state !== 'paused' ? () => session.play() : undefined,
    });
  }

  get #canvas(): HTMLCanvasElement | null {
    return this.renderRoot?.querySelector<HTMLCanvasElement>('.overlay') ?? null;
  }

  /** After a change of input or models. */
  #restart(): void {
    if (this.input) void this.start();
    else if (this.#session || this.#state === 'error') this.stop();
  }

  #loadModels(): Promise<Tracker> {
    return this.#models.load(() => {
      this.#percent = undefined;
      return this.modelOptions;
    });
  }

  #tracked(session: Session, { faces, width, height, timestamp }: TrackedFrame, media: Media): void {
    const before = this.#faces;
    this.#faces = faces;
    if (media.video) this.#rate.count(performance.now());
    this.#shape(media);
    this.#draw();
    const found = faces.filter(({ id }) => !before.some((face) => face.id === id));
    const lost = before.filter(({ id }) => !faces.some((face) => face.id === id));
    this.#emit('keypoints', { faces, width, height, timestamp });
    for (const face of found) if (!session.ended) this.#emit('facefound', { face });
    for (const { id } of lost) if (!session.ended) this.#emit('facelost', { id });
    // A listener may have ended it.
    if (session.ended) return;
    if (this.#state === 'loading') this.#applyPaused();
    else if (faces.length !== before.length) {
      this.#announcer.saySoon(facesFound(faces.length));
      this.requestUpdate();
    }
  }

  #sayWhetherWaiting({ waiting, started }: Session): void {
    const otherwise = started ? facesFound(this.#faces.length) : 'Loading.';
    this.#announcer.say(waiting ? 'Press Play to start the video.' : otherwise);
    this.requestUpdate();
  }

  /** Also says how things stand: of the first frame, and of the present one after a pause. */
  #applyPaused(): void {
    const session = this.#session;
    if (!session?.started) return;
    session.paused = this.paused;
    this.#setState(this.paused ? 'paused' : 'running');
    this.#announcer.say(this.paused ? 'Paused.' : facesFound(this.#faces.length));
  }

  /** Ends what runs. Says nothing yet: listeners may start and stop, and must meet an element that is done. */
  #endSession(): readonly Face[] {
    this.#session?.end();
    this.#session = undefined;
    this.#rate.reset();
    const lost = this.#faces;
    this.#faces = [];
    this.requestUpdate();
    return lost;
  }

  /** @param lost the faces of what has just ended */
  #rest(status: string, lost: readonly Face[]): void {
    this.#announcer.say(status);
    this.#setState('idle');
    this.#tellLost(lost);
  }

  #tellLost(faces: readonly Face[]): void {
    for (const { id } of faces) this.#emit('facelost', { id });
  }

  #unmount(): void {
    if (!this.#mounted) return;
    this.#mounted = false;
    this.#resize?.disconnect();
    const lost = this.#endSession();
    this.#models.unload();
    this.#rest('', lost);
  }

  /** Several may wait for the same models; whoever heard of their failure may have started anew since. */
  #failLoad(cause: unknown): void {
    const told = cause instanceof Error && this.#told.has(cause);
    if (!told || (this.#state !== 'error' && !this.#session)) this.#fail(cause);
  }

  #fail(cause: unknown): void {
    if (cause instanceof Error) this.#told.add(cause);
    const error = toFaceKeypointsError(cause, 'Looking for faces', 'Try again, or with another backend.');
    const lost = this.#endSession();
    if (ENDS_TRACKER.has(error.code)) this.#models.unload();
    // The message is in an alert of its own.
    this.#announcer.say('');
    this.#setState('error', error);
    this.#tellLost(lost);
    this.#emit('error', error);
  }

  #setState(state: ElementState, error?: FaceKeypointsError): void {
    this.#error = error;
    this.requestUpdate();
    if (state === this.#state) return;
    this.#state = state;
    this.#emit('statechange', { state });
  }

  #draw(): void {
    const canvas = this.#canvas;
    if (!canvas) return;
    drawOverlay(canvas, this.#faces, this.overlay, this.#session?.media);
  }

  /** The stage takes the picture's shape; a phone's camera changes it when it is turned. */
  #shape({ width, height }: Media): void {
    const stage = this.renderRoot?.querySelector<HTMLElement>('.stage');
    const shape = `${width} / ${height}`;
    if (stage && stage.style.aspectRatio !== shape) stage.style.aspectRatio = shape;
  }

  #emit<K extends keyof FaceKeypointsEventDetails>(type: K, detail: FaceKeypointsEventDetails[K]): void {
    this.dispatchEvent(createEvent(type, detail));
  }
}
