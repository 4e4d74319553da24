import { LANDMARK_COUNT } from '../landmarks/schema.ts';
import { withoutMark, type FrameEncoder, type RecordingDecoder } from './codec.ts';
import { parseDecimal, shortestDouble, shortestFloats, type WriteNumbers } from './decimal.ts';
import { FrameCheck, invalid, type RecordedFace, type RecordedFrame } from './frame.ts';

const indices = Array.from({ length: LANDMARK_COUNT }, (_, i) => i);
const KEYPOINT_COLUMNS = indices.flatMap((i) => [`x${i}`, `y${i}`]);
const SPREAD_COLUMNS = indices.map((i) => `spread${i}`);
const FRAME_COLUMNS = ['frame', 'file', 'timestamp_ms', 'width', 'height'];
const FACE_COLUMNS = ['face_id', 'presence', ...KEYPOINT_COLUMNS, ...SPREAD_COLUMNS];
const COLUMNS = [...FRAME_COLUMNS, ...FACE_COLUMNS];

/**
 * CSV (RFC 4180): a row a face and frame; a frame without faces has one row whose face columns are empty. `frame` counts
 * from 0 and tells which rows belong together.
 */
export class CsvEncoder implements FrameEncoder {
  readonly #check = new FrameCheck();
  #count = 0;

  start(): string {
    return `${COLUMNS.join(',')}\r\n`;
  }

  frame(frame: RecordedFrame, write = shortestFloats): string {
    this.#check.check(frame, `Frame ${this.#count + 1}`);
    const { file, timestamp, width, height, faces } = frame;
    const name = file === undefined ? '' : quoted(file);
    const start = `${this.#count++},${name},${shortestDouble(timestamp)},${width},${height}`;
    const rows =
      faces.length > 0 ? faces.map((face) => faceCells(face, write)) : [','.repeat(FACE_COLUMNS.length - 1)];
    return rows.map((cells) => `${start},${cells}\r\n`).join('');
  }

  end(): string {
    return '';
  }
}

function faceCells({ id, presence, keypoints, spread }: RecordedFace, write: WriteNumbers): string {
  return `${id},${shortestDouble(presence)},${write(keypoints)},${write(spread)}`;
}

/** Always quoted, so that an empty name is told from none. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Columns are found by their names: others may stand between them, and their order does not matter. */
export class CsvDecoder implements RecordingDecoder {
  readonly #check = new FrameCheck();
  #lines = 0;
  /** The lines of a record whose quotes are still open, and where it began. */
  #open = '';
  #first = 1;
  #columns: Map<string, number> | undefined;
  #width = 0;
  /** The frame whose rows are being read, and its number. */
  #pending: (Omit<RecordedFrame, 'faces'> & { readonly faces: RecordedFace[] }) | undefined;
  #index: string | undefined;

  line(raw: string): RecordedFrame[] {
    if (++this.#lines === 1) raw = withoutMark(raw);
    if (this.#open) this.#open += '\n';
    else this.#first = this.#lines;
    this.#open += raw;
    // A quote within quotes is doubled, so that an odd number of them is an open field.
    if (this.#open.split('"').length % 2 === 0) return [];
    const text = this.#open.endsWith('\r') ? this.#open.slice(0, -1) : this.#open;
    this.#open = '';
    return text === '' ? [] : this.#record(text, `Line ${this.#first}`);
  }

  end(): RecordedFrame[] {
    if (this.#open) throw invalid(`Line ${this.#first}`, 'a quoted field has no end');
    if (!this.#columns) throw invalid('Line 1', 'the file is empty');
    return this.#flush();
  }

  #record(text: string, where: string): RecordedFrame[] {
    const cells = splitRecord(text, where);
    if (!this.#columns) {
      this.#columns = columnsOf(cells, where);
      this.#width = cells.length;
      return [];
    }
    if (cells.length !== this.#width) {
      throw invalid(where, `${cells.length} fields where the header has ${this.#width}`);
    }
    return this.#row(new Row(cells, this.#columns), where);
  }

  #row(row: Row, where: string): RecordedFrame[] {
    const index = row.text('frame') ?? '';
    const file = row.text('file');
    const frame = {
      timestamp: row.number('timestamp_ms'),
      width: row.number('width'),
      height: row.number('height'),
      ...(file !== undefined && { file }),
    };
    const faces = FACE_COLUMNS.every((name) => row.text(name) === undefined) ? [] : [faceOf(row)];
    this.#check.check({ ...frame, faces }, where);
    const pending = this.#pending;
    if (!pending || this.#index !== index) {
      const done = this.#flush();
      this.#pending = { ...frame, faces };
      this.#index = index;
      return done;
    }
    if (
      pending.timestamp !== frame.timestamp ||
      pending.width !== frame.width ||
      pending.height !== frame.height ||
      pending.file !== file
    ) {
      throw invalid(where, `frame ${index} has another time, size or file than in the row before`);
    }
    if (faces.length === 0) throw invalid(where, `frame ${index} has a row without a face beside others`);
    pending.faces.push(...faces);
    return [];
  }

  #flush(): RecordedFrame[] {
    const done = this.#pending;
    this.#pending = undefined;
    return done ? [done] : [];
  }
}

type Cell = string | undefined;

class Row {
  readonly #cells: readonly Cell[];
  readonly #columns: ReadonlyMap<string, number>;

  constructor(cells: readonly Cell[], columns: ReadonlyMap<string, number>) {
    this.#cells = cells;
    this.#columns = columns;
  }

  /** Undefined where the field is empty (and not quoted). */
  text(name: string): Cell {
    return this.#cells[this.#columns.get(name)!];
  }

  /** NaN, which the check of the frame refuses, where there is none. */
  number(name: string): number {
    return parseDecimal(this.text(name) ?? '');
  }
}

function faceOf(row: Row): RecordedFace {
  return {
    id: row.number('face_id'),
    keypoints: Float32Array.from(KEYPOINT_COLUMNS, (name) => row.number(name)),
    spread: Float32Array.from(SPREAD_COLUMNS, (name) => row.number(name)),
    presence: row.number('presence'),
  };
}

function columnsOf(names: readonly Cell[], where: string): Map<string, number> {
  const columns = new Map(names.map((name, i) => [name ?? '', i]));
  const missing = COLUMNS.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    const some = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '');
    throw invalid(where, `the header lacks ${missing.length} of ${COLUMNS.length} columns (${some})`);
  }
  return columns;
}

/** The fields of a record (RFC 4180, section 2); one that is empty and not quoted is undefined. */
function splitRecord(text: string, where: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      for (;;) {
        const end = text.indexOf('"', at + 1);
        if (end < 0) throw invalid(where, 'a quoted field has no end');
        value += text.slice(at + 1, end);
        at = end + 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      if (at < text.length && text[at] !== ',') throw invalid(where, 'text after a quoted field');
      cells.push(value);
    } else {
      const comma = text.indexOf(',', at);
      const end = comma < 0 ? text.length : comma;
      cells.push(end > at ? text.slice(at, end) : undefined);
      at = end;
    }
    if (at >= text.length) return cells;
    at++;
  }
}
