import { withoutMark, withoutReturn, type FrameEncoder, type RecordingDecoder } from './codec.ts';
import { shortestFloats } from './decimal.ts';
import { FrameCheck, invalid, reasonAt, type RecordedFrame } from './frame.ts';
import { checkHeader, frameFromJson, frameToJson, RECORDING_HEADER } from './json.ts';

/** JSON lines (jsonlines.org): a header object, then an object a frame. */
export class JsonLinesEncoder implements FrameEncoder {
  readonly #check = new FrameCheck();
  #count = 0;

  start(): string {
    return `${JSON.stringify(RECORDING_HEADER)}\n`;
  }

  frame(frame: RecordedFrame, write = shortestFloats): string {
    this.#check.check(frame, `Frame ${++this.#count}`);
    return `${frameToJson(frame, write)}\n`;
  }

  end(): string {
    return '';
  }
}

export class JsonLinesDecoder implements RecordingDecoder {
  readonly #check = new FrameCheck();
  #lines = 0;
  #headed = false;

  line(raw: string): RecordedFrame[] {
    const where = `Line ${++this.#lines}`;
    const line = withoutReturn(this.#lines === 1 ? withoutMark(raw) : raw);
    if (line.trim() === '') return [];
    try {
      // Joined files (`cat a.jsonl b.jsonl`) have a header each, and are one recording: its time must not go back either.
      if (this.#headed && !line.startsWith('{"format":')) {
        const frame = frameFromJson(line);
        this.#check.check(frame, where);
        return [frame];
      }
      checkHeader(line);
      this.#headed = true;
      return [];
    } catch (error) {
      throw reasonAt(where, error);
    }
  }

  end(): RecordedFrame[] {
    if (!this.#headed) throw invalid('Line 1', 'the file is empty');
    return [];
  }
}
