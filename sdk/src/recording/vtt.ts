import { withoutMark, withoutReturn, type FrameEncoder, type RecordingDecoder } from './codec.ts';
import { shortestFloats } from './decimal.ts';
import { FrameCheck, invalid, reasonAt, type RecordedFrame } from './frame.ts';
import { checkHeader, frameFromJson, frameToJson, RECORDING_HEADER } from './json.ts';

/** How long the only frame of a recording is shown, ms. */
const ONLY_CUE = 40;

/**
 * WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), for `<track kind="metadata">`: a cue a frame, its payload the
 * same object as a line of JSON lines. A cue lasts until the next one begins, the last as long as the one before it. Cue
 * times are whole milliseconds, so that of frames within one millisecond each lasts one, beside the next. The payload
 * keeps the exact time; reading takes it from there.
 */
export class VttEncoder implements FrameEncoder {
  readonly #check = new FrameCheck();
  #origin: number | undefined;
  #count = 0;
  #pending: { readonly start: number; readonly payload: string } | undefined;
  #lasted = ONLY_CUE;

  /** @param origin the timestamp that is 0 on the track's time line, ms; by default the first frame's */
  constructor(origin?: number) {
    this.#origin = origin;
  }

  start(): string {
    return `WEBVTT\n\nNOTE ${escaped(JSON.stringify(RECORDING_HEADER))}\n`;
  }

  frame(frame: RecordedFrame, write = shortestFloats): string {
    const where = `Frame ${++this.#count}`;
    this.#check.check(frame, where);
    this.#origin ??= frame.timestamp;
    const start = Math.round(frame.timestamp - this.#origin);
    if (start < 0) throw invalid(where, 'it lies before the origin of the WebVTT time line');
    if (!Number.isSafeInteger(start)) throw invalid(where, 'it lies too far from the origin for WebVTT');
    const before = this.#pending;
    this.#pending = { start, payload: escaped(frameToJson(frame, write)) };
    if (!before) return '';
    if (start > before.start) this.#lasted = start - before.start;
    return cue(before.start, Math.max(start, before.start + 1), before.payload);
  }

  end(): string {
    const last = this.#pending;
    return last ? cue(last.start, last.start + this.#lasted, last.payload) : '';
  }
}

function cue(start: number, end: number, payload: string): string {
  return `\n${clock(start)} --> ${clock(end)}\n${payload}\n`;
}

/** Neither a payload nor a note may hold an arrow; only a file's name could. */
function escaped(json: string): string {
  return json.replaceAll('-->', '--\\u003e');
}

function clock(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${time}.${String(ms % 1000).padStart(3, '0')}`;
}

const STAMP = String.raw`(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}`;
const TIMING = new RegExp(`^[ \\t]*${STAMP}[ \\t]+-->[ \\t]+${STAMP}([ \\t].*)?$`);

export class VttDecoder implements RecordingDecoder {
  readonly #check = new FrameCheck();
  #lines = 0;
  /** The lines since the last empty one, and the number of the first of them. */
  #block: string[] = [];
  #first = 0;

  line(raw: string): RecordedFrame[] {
    const line = withoutReturn(++this.#lines === 1 ? withoutMark(raw) : raw);
    if (this.#lines === 1) {
      if (!/^WEBVTT([ \t].*)?$/.test(line)) {
        throw invalid('Line 1', 'it does not begin with WEBVTT; the file is no WebVTT');
      }
      return [];
    }
    if (line === '') return this.end();
    if (this.#block.length === 0) this.#first = this.#lines;
    this.#block.push(line);
    return [];
  }

  end(): RecordedFrame[] {
    if (this.#lines === 0) throw invalid('Line 1', 'the file is empty');
    const block = this.#block;
    this.#block = [];
    return block.length > 0 ? this.#read(block) : [];
  }

  #read(block: readonly string[]): RecordedFrame[] {
    const [head] = block;
    if (/^NOTE([ \t]|$)/.test(head)) {
      this.#note(block.join('\n').slice('NOTE'.length).trim());
      return [];
    }
    if (/^(STYLE|REGION)[ \t]*$/.test(head)) return [];
    const timing = block.findIndex((line) => line.includes('-->'));
    if (timing < 0 || timing > 1 || !TIMING.test(block[timing])) {
      throw invalid(
        `Line ${this.#first + Math.max(0, timing)}`,
        'no cue times such as 00:00:01.000 --> 00:00:01.040',
      );
    }
    const where = `Line ${this.#first + timing + 1}`;
    try {
      const frame = frameFromJson(block.slice(timing + 1).join('\n'));
      this.#check.check(frame, where);
      return [frame];
    } catch (error) {
      throw reasonAt(where, error);
    }
  }

  /** Our own header is checked; other notes are anybody's. */
  #note(text: string): void {
    if (!text.startsWith('{"format":')) return;
    try {
      checkHeader(text);
    } catch (error) {
      throw reasonAt(`Line ${this.#first}`, error);
    }
  }
}
