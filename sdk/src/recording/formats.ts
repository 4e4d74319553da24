import { FaceKeypointsError } from '../errors.ts';
import type { FrameEncoder, RecordingDecoder, RecordingEncoder } from './codec.ts';
import { CsvDecoder, CsvEncoder } from './csv.ts';
import type { RecordedFrame } from './frame.ts';
import { JsonLinesDecoder, JsonLinesEncoder } from './jsonl.ts';
import { VttDecoder, VttEncoder } from './vtt.ts';

/** The formats of a recording: JSON lines, CSV (RFC 4180), WebVTT metadata (W3C). */
export const RECORDING_FORMATS = ['jsonl', 'csv', 'vtt'] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

export interface RecordingFormatOptions {
  /**
   * WebVTT only: the timestamp that is 0 on the track's time line, ms. By default the first frame's, which suits a video
   * that was recorded along with it.
   */
  readonly origin?: number;
}

/** Media type of each format, for files and servers. */
export const RECORDING_MEDIA_TYPES: Readonly<Record<RecordingFormat, string>> = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv;charset=utf-8',
  vtt: 'text/vtt;charset=utf-8',
};

/**
 * Writes a recording part by part: `start()`, `frame(frame)` for each, `end()`.
 * @throws FaceKeypointsError `option-invalid`
 */
export function recordingEncoder(
  format: RecordingFormat,
  options: RecordingFormatOptions = {},
): RecordingEncoder {
  return frameEncoder(format, options);
}

/** @throws FaceKeypointsError `option-invalid` */
export function frameEncoder(format: RecordingFormat, { origin }: RecordingFormatOptions = {}): FrameEncoder {
  switch (format) {
    case 'jsonl':
      return new JsonLinesEncoder();
    case 'csv':
      return new CsvEncoder();
    case 'vtt':
      return new VttEncoder(origin);
    default:
      throw unknownFormat(format);
  }
}

function decoder(format: RecordingFormat): RecordingDecoder {
  switch (format) {
    case 'jsonl':
      return new JsonLinesDecoder();
    case 'csv':
      return new CsvDecoder();
    case 'vtt':
      return new VttDecoder();
    default:
      throw unknownFormat(format);
  }
}

/**
 * The whole text. For long recordings see `recordingEncoder` and `Recorder.toBlob`, which need no string of that length.
 * @throws FaceKeypointsError `input-invalid` (a frame that is none, or time that goes back), `option-invalid`
 */
export function formatRecording(
  frames: Iterable<RecordedFrame>,
  format: RecordingFormat,
  options?: RecordingFormatOptions,
): string {
  return [...recordingParts(frames, format, options)].join('');
}

/** `formatRecording`, a frame at a time. */
export function* recordingParts(
  frames: Iterable<RecordedFrame>,
  format: RecordingFormat,
  options?: RecordingFormatOptions,
): Generator<string, void, undefined> {
  const encoder = recordingEncoder(format, options);
  yield encoder.start();
  for (const frame of frames) yield encoder.frame(frame);
  yield encoder.end();
}

/**
 * Reads back what `formatRecording` wrote: equal frames, float32 by float32.
 * @throws FaceKeypointsError `input-invalid`, naming line and reason; `option-invalid`
 */
export function parseRecording(text: string, format: RecordingFormat): RecordedFrame[] {
  const reader = decoder(format);
  const frames: RecordedFrame[] = [];
  let at = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    frames.push(...reader.line(text.slice(at, end)));
    at = end + 1;
  }
  if (at < text.length) frames.push(...reader.line(text.slice(at)));
  frames.push(...reader.end());
  return frames;
}

/**
 * `parseRecording` of a file of any length, frame by frame.
 * @param source a Blob or File, or bytes (UTF-8) as they come, such as a Node stream
 * @throws FaceKeypointsError as `parseRecording`
 */
export async function* readRecording(
  source: Blob | AsyncIterable<Uint8Array>,
  format: RecordingFormat,
): AsyncGenerator<RecordedFrame, void, undefined> {
  const reader = decoder(format);
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const bytes of source instanceof Blob ? bytesOf(source) : source) {
    const lines = (rest + text.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield* reader.line(line);
  }
  rest += text.decode();
  if (rest !== '') yield* reader.line(rest);
  yield* reader.end();
}

/** Not every browser iterates over a stream. */
async function* bytesOf(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = blob.stream().getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}

function unknownFormat(format: never): FaceKeypointsError {
  return new FaceKeypointsError(
    'option-invalid',
    `Unknown recording format "${String(format)}". Use one of: ${RECORDING_FORMATS.join(', ')}.`,
  );
}
