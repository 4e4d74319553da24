import type { FaceKeypointsError } from '../../errors.ts';
import type { FrameSource } from '../../input/frame.ts';

/** What a person may hand to the element. */
export type ElementSource = FrameSource | MediaStream;

/** An input, ready to be looked at. */
export interface Media {
  /** Shown in the element. */
  readonly view: HTMLVideoElement | HTMLImageElement | HTMLCanvasElement;
  /** Given to the tracker. */
  readonly source: FrameSource;
  /** The video whose frames set the pace; undefined for stills. */
  readonly video: HTMLVideoElement | undefined;
  /** Whether `video` is ours to play and pause. */
  readonly owned: boolean;
  /** px. A phone's camera swaps them when it is turned. */
  readonly width: number;
  readonly height: number;
  /** Brings `view` up to date, where it is a copy. */
  refresh(): void;
  /** Tells, until the signal aborts, when no more frames will come. */
  watch?(ended: (error: FaceKeypointsError) => void, signal: AbortSignal): void;
  /** Ends tracks, frees URLs; may be called twice. */
  release(): void;
}
