/** One input's way from opening to end: the input and the models side by side, then a frame after another. */
import { FaceKeypointsError } from '../errors.ts';
import type { Face } from '../face.ts';
import type { Tracker } from '../tracker.ts';
import type { Media } from './media/media.ts';
import { nextVideoFrame } from './media/video-frames.ts';
import { play, type Blocked } from './media/video.ts';

/** Frames in a row, a second of most cameras, that may be unreadable before the input counts as broken. */
const MOST_UNREADABLE = 30;

/** A frame that has been looked at. */
export interface TrackedFrame {
  readonly faces: Face[];
  /** Of the frame, px. */
  readonly width: number;
  readonly height: number;
  /** ms, as `performance.now()`; never smaller than that of the frame before. */
  readonly timestamp: number;
}

/** What a session tells. Nothing comes any more once it has ended. */
export interface SessionEvents {
  /** `waiting` has changed, or is asked for once more. */
  waiting(): void;
  /** The input is there, with its size. */
  opened(media: Media): void;
  tracked(frame: TrackedFrame, tracker: Tracker, media: Media): void;
  /** It cannot go on. Told once, also for what fails after the first frame. */
  failed(error: unknown): void;
}

export class Session {
  readonly #events: SessionEvents;
  readonly #abort = new AbortController();
  #media: Media | undefined;
  #tracker: Tracker | undefined;
  /** Plays by a person's hand only, and does not yet. */
  #blocked: HTMLVideoElement | undefined;
  #started = false;
  #paused = false;
  /** Of the last frame, ms. */
  #time = -Infinity;
  /** Frames since the last that could be read. */
  #unreadable = 0;
  /** Open unless paused. */
  #gate: Promise<void> = Promise.resolve();
  #openGate = (): void => undefined;

  constructor(events: SessionEvents) {
    this.#events = events;
  }

  get media(): Media | undefined {
    return this.#media;
  }

  /** A frame has been looked at. */
  get started(): boolean {
    return this.#started;
  }

  get ended(): boolean {
    return this.#abort.signal.aborted;
  }

  /** For a person to play the video, which the browser does not let it do by itself. */
  get waiting(): boolean {
    return this.#blocked !== undefined;
  }

  /** To be called while a click or a key is handled. */
  play(): void {
    if (this.#blocked) play(this.#blocked, this.#wait);
  }

  /** Resolves when the first frame is done, or the session has ended or failed. */
  async begin(
    open: (signal: AbortSignal, blocked: Blocked) => Promise<Media>,
    load: () => Promise<Tracker>,
  ): Promise<void> {
    const { signal } = this.#abort;
    // Whoever heard of its start may have ended it: nobody must be asked for a camera then.
    if (signal.aborted) return;
    try {
      // The camera's prompt and the models' loading go side by side; the first failure counts.
      const loading = load();
      const opening = open(signal, this.#wait).then((media) => {
        if (signal.aborted) media.release();
        else signal.addEventListener('abort', () => media.release(), { once: true });
        return media;
      });
      const media = await unlessFails(opening, loading);
      signal.throwIfAborted();
      this.#media = media;
      media.watch?.((error) => this.#fail(error), signal);
      signal.throwIfAborted();
      this.#events.opened(media);
      const tracker = await loading;
      signal.throwIfAborted();
      this.#tracker = tracker;
      tracker.reset();
      const { video } = media;
      if (!video) return await this.#track(tracker, media, performance.now());
      await this.#trackOrSkip(tracker, media, video, performance.now());
      while (!this.#started) {
        await this.#trackOrSkip(tracker, media, video, await nextVideoFrame(video, signal));
      }
      void this.#follow(tracker, media, video);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Looks at a still again, with what has changed in the tracker. A video's next frame comes by itself. */
  async again(): Promise<void> {
    if (!this.#media || !this.#tracker || this.#media.video) return;
    try {
      await this.#track(this.#tracker, this.#media, performance.now());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether frames are left alone. A video of ours stands still meanwhile; somebody else's goes on. */
  set paused(paused: boolean) {
    const { owned, video } = this.#media ?? {};
    if (owned && video) {
      if (paused) video.pause();
      else play(video, this.#wait);
    }
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#gate = new Promise((resolve) => (this.#openGate = resolve));
    else this.#openGate();
  }

  /** Ends input and work; a camera goes off at once. Says nothing. */
  end(): void {
    this.#abort.abort(new DOMException('Ended', 'AbortError'));
    this.#openGate();
  }

  /** Frames that come while one is in work are dropped: the next is asked for only when this one is done. */
  async #follow(tracker: Tracker, media: Media, video: HTMLVideoElement): Promise<void> {
    const { signal } = this.#abort;
    // A jump to elsewhere in the video, or from its end to its start, is another stream.
    video.addEventListener('seeking', () => tracker.reset(), { signal });
    try {
      for (;;) {
        await this.#gate;
        const now = await nextVideoFrame(video, signal);
        if (!this.#paused) await this.#trackOrSkip(tracker, media, video, now);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A frame that cannot be read, as a camera that turns or a decoder that restarts may give, is left out. */
  async #trackOrSkip(tracker: Tracker, media: Media, video: HTMLVideoElement, time: number): Promise<void> {
    try {
      await this.#track(tracker, media, time);
      this.#unreadable = 0;
    } catch (error) {
      const unreadable = error instanceof FaceKeypointsError && error.code === 'input-invalid';
      // Of a video that stands still no other frame would come by itself. One that a person is asked to play goes on.
      const last = video.paused && !this.#paused && !this.waiting;
      if (!unreadable || last || ++this.#unreadable >= MOST_UNREADABLE) throw error;
    }
  }

  async #track(tracker: Tracker, media: Media, time: number): Promise<void> {
    // A repaint that was due before the frame in work may tell its own, earlier time.
    const timestamp = (this.#time = Math.max(this.#time, time));
    media.refresh();
    const { width, height, source } = media;
    const faces = await (media.video ? tracker.track(source, timestamp) : tracker.detect(source));
    this.#abort.signal.throwIfAborted();
    this.#started = true;
    this.#events.tracked({ faces, width, height, timestamp }, tracker, media);
    this.#abort.signal.throwIfAborted();
  }

  readonly #wait: Blocked = (video) => {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    const played = (): void => {
      this.#blocked = undefined;
      this.#events.waiting();
    };
    if (!this.#blocked) video.addEventListener('play', played, { once: true, signal });
    this.#blocked = video;
    this.#events.waiting();
  };

  #fail(error: unknown): void {
    if (this.ended) return;
    this.end();
    this.#events.failed(error);
  }
}

/** What `promise` gives, or the failure of `other` if that comes before. */
function unlessFails<T>(promise: Promise<T>, other: Promise<unknown>): Promise<T> {
  return Promise.race([promise, other.then(() => promise)]);
}
