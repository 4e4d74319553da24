import { whyCameraEnded } from 'face-keypoints';
import type { FaceKeypointsElement } from 'face-keypoints/define';
import { isCameraAllowed, listCameras, PageCamera } from './inputs/camera.ts';
import { LightMeter } from './light.ts';
import { JitterTrace } from './jitter.ts';
import { RecentMedian } from './recent-median.ts';
import { smoothingOptions } from './settings.ts';
import { isLive, NO_LIVE, type Input, type Problem, type State } from './state.ts';
import type { Store } from './store.ts';

/** How often the light is looked at, ms. */
const LIGHT_INTERVAL = 1000;
/** A camera may lose a face for this long before it is said, ms. */
const PATIENCE = 2000;
/** A still costs nothing after it is done. */
const FACES_IN_A_STILL = 8;

/**
 * What is looked at, from the click to the figures: opens the input, hands it to the element, and tells the store what
 * comes of it.
 */
export class Session {
  readonly #store: Store<State>;
  readonly #element: FaceKeypointsElement;
  readonly #camera = new PageCamera();
  readonly #light = new LightMeter();
  readonly #jitter = new JitterTrace();
  readonly #figures = {
    fps: new RecentMedian(),
    landmarkMs: new RecentMedian(),
    totalMs: new RecentMedian(),
  };
  /** Of the detector, which rests in most frames. */
  #detectMs = 0;
  /** Whether the camera is a mirror by itself, and what the person wants instead of that, of any camera. */
  #usualMirror = true;
  #wantedMirror: boolean | undefined;
  /** Counts inputs, so that a late answer does not disturb its successor. */
  #turn = 0;
  #lastFace = 0;
  #lightTimer = 0;

  constructor(store: Store<State>, element: FaceKeypointsElement) {
    this.#store = store;
    this.#element = element;
    element.addEventListener('progress', ({ detail }) => store.set({ progress: detail }));
    element.addEventListener('ready', () => store.set({ progress: undefined }));
    element.addEventListener('error', (event) => {
      // A model that fails after a stop is nobody's concern.
      if (event.target === element && store.state.phase !== 'idle') this.fail(event.detail);
    });
    element.addEventListener('keypoints', ({ detail }) => this.#onKeypoints(detail));
    navigator.mediaDevices?.addEventListener?.('devicechange', () => void this.#listCameras());
    this.applySettings();
  }

  /** The camera's stream, for a second element. */
  get stream(): MediaStream | undefined {
    return this.#element.source instanceof MediaStream ? this.#element.source : undefined;
  }

  async show(input: Input): Promise<void> {
    const turn = this.#close();
    const camera = input.kind === 'camera';
    this.#store.set({
      input,
      phase: camera ? 'asking' : 'loading',
      mirror: camera && (this.#wantedMirror ?? true),
    });
    this.applySettings();
    try {
      if (camera) await this.#showCamera(turn);
      else await this.#show(input.kind === 'file' ? input.file : await example(), turn);
    } catch (error) {
      if (turn === this.#turn) this.fail(error as Problem);
    }
  }

  stop(): void {
    this.#close();
    this.#store.set({ input: { kind: 'none' }, phase: 'idle' });
  }

  /** What was shown, from the start. */
  restart(): Promise<void> {
    const { input } = this.#store.state;
    return this.show(input.kind === 'none' ? { kind: 'example' } : input);
  }

  fail({ code, message, file }: Problem): void {
    const { input } = this.#store.state;
    const of = file ?? (input.kind === 'file' ? input.file.name : undefined);
    this.#close();
    this.#store.set({ problem: { code, message, file: of }, phase: 'idle' });
  }

  /** What a second element on the same stream says; of the stream's end the reason is on its way. */
  failBeside(problem: Problem): void {
    if (this.stream) this.fail(problem);
  }

  /** Also for the cameras to come, where it is one that is mirrored. */
  toggleMirror(): void {
    const { input, mirror: before } = this.#store.state;
    const mirror = !before;
    if (input.kind === 'camera') this.#wantedMirror = mirror === this.#usualMirror ? undefined : mirror;
    this.#store.set({ mirror });
  }

  /** What the person chose, as the element's properties. */
  applySettings(): void {
    const { state } = this.#store;
    const { overlay, maxFaces, smoothing, model } = state.settings;
    const element = this.#element;
    element.setAttribute('overlay', overlay);
    element.mirror = state.mirror;
    const faces = isLive(state) || state.input.kind === 'none' ? maxFaces : FACES_IN_A_STILL;
    element.maxFaces = faces;
    if (!state.model.own) element.model = model;
    element.smoothing = smoothingOptions(smoothing);
  }

  async #showCamera(turn: number): Promise<void> {
    // The question and the models' loading go side by side.
    void this.#element.load();
    this.#store.set({ cameraAllowed: await isCameraAllowed() });
    if (turn !== this.#turn) return;
    const stream = await this.#camera.start(this.#store.state.settings);
    if (!stream || turn !== this.#turn) return;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => {
      if (turn === this.#turn) void this.#failEnded(track);
    });
    const { deviceId, facingMode } = track.getSettings();
    // One that looks away from the person is no mirror.
    this.#usualMirror = facingMode !== 'environment';
    const mirror = this.#wantedMirror ?? this.#usualMirror;
    const cameraId = deviceId ?? this.#store.state.cameraId;
    this.#store.set({ phase: 'loading', cameraAllowed: true, cameraId, mirror });
    this.applySettings();
    void this.#listCameras();
    await this.#show(stream, turn);
  }

  async #show(source: Blob | MediaStream, turn: number): Promise<void> {
    if (turn !== this.#turn) return;
    const element = this.#element;
    element.source = source;
    await element.updateComplete;
    if (turn !== this.#turn) return;
    // A new input starts by itself; the same one again has to be told to.
    if (element.state === 'idle') await element.start();
  }

  /** Closed at once: the element would take the end of its stream for a file that does not open. */
  async #failEnded(track: MediaStreamTrack): Promise<void> {
    const turn = this.#close();
    const problem = await whyCameraEnded(track);
    if (turn === this.#turn) this.fail(problem);
  }

  #close(): number {
    this.#turn++;
    this.#camera.stop();
    this.#element.stop();
    this.#element.source = null;
    this.#jitter.clear();
    for (const figure of Object.values(this.#figures)) figure.clear();
    this.#detectMs = 0;
    this.#lastFace = performance.now();
    clearInterval(this.#lightTimer);
    this.#lightTimer = 0;
    this.#store.set({
      problem: undefined,
      remark: undefined,
      nobody: false,
      dark: false,
      faceId: undefined,
      live: { ...NO_LIVE, backend: this.#store.state.live.backend },
    });
    return this.#turn;
  }

  #onKeypoints({
    faces,
    width,
    height,
  }: {
    faces: State['live']['faces'];
    width: number;
    height: number;
  }): void {
    const { state } = this.#store;
    const { backend, worker } = this.#element.stats;
    const now = performance.now();
    if (faces.length) this.#lastFace = now;
    if (isLive(state)) {
      this.#jitter.add(faces[0]);
      this.#lightTimer ||= window.setInterval(() => this.#lookAtLight(), LIGHT_INTERVAL);
      if (state.phase !== 'running') queueMicrotask(() => this.#lookAtLight());
    }
    this.#store.set({
      phase: 'running',
      nobody: !faces.length && (!isLive(state) || now - this.#lastFace > PATIENCE),
      live: { faces, width, height, ...this.#measure(), backend, worker, jitter: this.#jitter.values },
    });
  }

  /** Those of single frames change too quickly to be read. */
  #measure(): Pick<State['live'], 'fps' | 'detectMs' | 'landmarkMs' | 'totalMs'> {
    const { fps, landmarkMs, totalMs } = this.#figures;
    const now = this.#element.stats;
    fps.add(now.fps);
    this.#detectMs = now.detectMs || this.#detectMs;
    landmarkMs.add(now.landmarkMs);
    totalMs.add(now.detectMs + now.landmarkMs);
    return {
      fps: fps.value,
      detectMs: this.#detectMs,
      landmarkMs: landmarkMs.value,
      totalMs: totalMs.value,
    };
  }

  #lookAtLight(): void {
    const view = this.#element.shadowRoot?.querySelector<HTMLVideoElement>('[part~=media]');
    if (view && this.#store.state.phase === 'running') this.#store.set({ dark: this.#light.isDark(view) });
  }

  async #listCameras(): Promise<void> {
    this.#store.set({ cameras: await listCameras() });
  }
}

async function example(): Promise<Blob> {
  const response = await fetch('example.jpg').catch(() => undefined);
  if (response?.ok) return response.blob();
  const message = `The example picture did not arrive (${response?.status ?? 'no connection'}).`;
  throw Object.assign(new Error(message), { code: 'example-missing' });
}
