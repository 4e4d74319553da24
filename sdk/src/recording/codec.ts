import type { WriteNumbers } from './decimal.ts';
import type { RecordedFrame } from './frame.ts';

/** Writes one format, part by part, so that no recording has to fit into one string. */
export interface RecordingEncoder {
  /** What comes before the first frame. */
  start(): string;
  /** @throws FaceKeypointsError `input-invalid`: not a frame, or earlier than the one before */
  frame(frame: RecordedFrame): string;
  /** What comes after the last frame so far; more may follow in place of it. */
  end(): string;
}

/** An encoder that may be given its numbers' text, which all formats have in common. */
export interface FrameEncoder extends RecordingEncoder {
  frame(frame: RecordedFrame, write?: WriteNumbers): string;
}

/** Reads one format, line by line. Both methods throw FaceKeypointsError `input-invalid`, naming line and reason. */
export interface RecordingDecoder {
  /** @param line without its `\n`; @returns the frames that it completes */
  line(line: string): RecordedFrame[];
  end(): RecordedFrame[];
}

/** The text of lines ends in `\n` or `\r\n`; a decoder that cares for more sees the rest. */
export function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Some editors begin a file with a byte order mark. */
export function withoutMark(line: string): string {
  return line.startsWith('\ufeff') ? line.slice(1) : line;
}
