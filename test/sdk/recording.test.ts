import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FaceKeypointsError,
  formatRecording,
  parseRecording,
  readRecording,
  Recorder,
  RECORDING_FORMATS,
  recordingParts,
  type RecordedFrame,
} from '../../sdk/src/index.ts';
import { shortestFloat32 } from '../../sdk/src/recording/decimal.ts';
import { randomOf } from '../../training/src/support/random.ts';
import { anyFloat32, randomFace, randomRecording } from './recording-support.ts';

const frame = (timestamp: number, faces = 1, extra: object = {}): RecordedFrame => ({
  timestamp,
  width: 640,
  height: 480,
  faces: Array.from({ length: faces }, (_, i) => randomFace(randomOf(timestamp, i))),
  ...extra,
});
const refused = (run: () => unknown, message: RegExp): void =>
  assert.throws(run, (error) => {
    assert.ok(error instanceof FaceKeypointsError, String(error));
    assert.equal(error.code, 'input-invalid');
    assert.match(error.message, message);
    return true;
  });
const lines = (text: string): string[] => text.split(/\r?\n/);

for (const format of RECORDING_FORMATS) {
  test(`${format}: 60 recordings at random read back equal`, () => {
    for (let seed = 0; seed < 60; seed++) {
      const frames = randomRecording(seed);
      assert.deepEqual(parseRecording(formatRecording(frames, format), format), frames, `seed ${seed}`);
    }
  });

  test(`${format}: a Blob reads back equal, also where its bytes come one by one`, async () => {
    const recorder = new Recorder();
    for (const each of randomRecording(10)) recorder.add(each);
    const blob = recorder.toBlob(format);
    assert.equal(await blob.text(), formatRecording(recorder.frames, format));
    assert.deepEqual(await all(readRecording(blob, format)), recorder.frames);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    assert.deepEqual(await all(readRecording(oneByOne(bytes), format)), recorder.frames);
  });

  test(`${format}: a part a frame, so that no string has the length of the recording`, () => {
    const frames = Array.from({ length: 50 }, (_, i) => frame(i));
    const parts = [...recordingParts(frames, format)];
    assert.ok(parts.length >= 50);
    const whole = parts.join('').length;
    assert.ok(Math.max(...parts.map((part) => part.length)) < whole / 25);
  });

  test(`${format}: written ahead, the file is the same at any time, and is there at once`, async () => {
    const frames = Array.from({ length: 600 }, (_, i) => frame(0.4 * i, i % 3));
    const recorder = new Recorder({ ahead: RECORDING_FORMATS });
    for (const [i, each] of frames.entries()) {
      if ([0, 1, 255, 256, 300].includes(i))
        assert.equal(await recorder.toBlob(format).text(), formatRecording(frames.slice(0, i), format));
      recorder.add(each);
    }
    const milliseconds = (run: () => unknown): number => {
      const start = performance.now();
      run();
      return performance.now() - start;
    };
    const text = formatRecording(frames, format);
    const blob = recorder.toBlob(format);
    assert.equal(await blob.text(), text);
    assert.equal(blob.type, new Recorder().toBlob(format).type);
    const anew = milliseconds(() => formatRecording(frames, format));
    const written = Math.min(...[1, 2, 3].map(() => milliseconds(() => recorder.toBlob(format))));
    assert.ok(written < anew / 4, `${written} ms, anew ${anew} ms`);
    recorder.clear();
    recorder.add(frames[5]);
    assert.equal(await recorder.toBlob(format).text(), formatRecording([frames[5]], format), 'cleared');
  });

  test(`${format}: an empty recording is a file of its own; an empty file is none`, () => {
    const text = formatRecording([], format);
    assert.ok(text.length > 0);
    assert.deepEqual(parseRecording(text, format), []);
    refused(() => parseRecording('', format), /^Line 1 .*empty/);
  });

  test(`${format}: a byte order mark and the other line ends do no harm`, () => {
    const frames = [frame(0, 2), frame(40, 0)];
    const text = formatRecording(frames, format).replaceAll('\r\n', '\n');
    assert.deepEqual(parseRecording(`\ufeff${text}`, format), frames);
    assert.deepEqual(parseRecording(text.replaceAll('\n', '\r\n'), format), frames);
  });

  test(`${format}: what is no frame is refused before it is written`, () => {
    const write = (...frames: RecordedFrame[]) => formatRecording(frames, format);
    refused(() => write(frame(0), frame(NaN)), /^Frame 2 .*timestamp NaN/);
    refused(() => write(frame(2), frame(1)), /^Frame 2 .*begin a new recording/);
    refused(() => write({ ...frame(0), width: 0 }), /size 0 x 480/);
    const [face] = frame(0).faces;
    refused(() => write({ ...frame(0), faces: [{ ...face, presence: 2 }] }), /presence 2/);
    refused(() => write({ ...frame(0), faces: [{ ...face, id: 0.5 }] }), /id 0.5/);
    refused(() => write({ ...frame(0), faces: [{ ...face, keypoints: new Float32Array(4) }] }), /4 .*136/);
    refused(
      () => write({ ...frame(0), faces: [{ ...face, spread: face.spread.map(() => NaN) }] }),
      /spread .*float32/,
    );
  });

  test(`${format}: a file cut off at any place is refused, or holds whole frames only`, () => {
    const frames = [frame(0, 1), frame(40, 2)];
    const text = formatRecording(frames, format);
    const random = randomOf(11);
    for (let i = 0; i < 60; i++) {
      const cut = text.slice(0, random.index(text.length));
      try {
        const read = parseRecording(cut, format);
        // The end of a last number or a last row cannot be missed by any reader of CSV.
        if (format !== 'csv') assert.deepEqual(read, frames.slice(0, read.length));
      } catch (error) {
        assert.ok(error instanceof FaceKeypointsError && error.code === 'input-invalid', String(error));
      }
    }
  });
}

test('an unknown format is an invalid option', () => {
  assert.throws(() => formatRecording([], 'xml' as never), { code: 'option-invalid' });
  assert.throws(() => parseRecording('', 'xml' as never), { code: 'option-invalid' });
});

test('float32 are printed as short as they can be, and exactly', () => {
  for (const [value, text] of [
    [0.1, '0.1'],
    [-0, '-0'],
    [16777216, '16777216'],
    [321.456, '321.456'],
    [1e-45, '1e-45'],
    [2 ** -126, '1.1754944e-38'],
  ] as const) {
    assert.equal(shortestFloat32(Math.fround(value)), text);
  }
  const random = randomOf(3);
  for (let i = 0; i < 20000; i++) {
    const value = anyFloat32(random);
    const text = shortestFloat32(value);
    assert.ok(Object.is(Math.fround(Number(text)), value), `${value} as ${text}`);
    const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
    for (let fewer = 1; fewer < digits; fewer++) {
      assert.notEqual(Math.fround(Number(value.toPrecision(fewer))), value, `${text} has a shorter form`);
    }
  }
});

test('jsonl: the file explains itself', () => {
  const header = JSON.parse(lines(formatRecording([], 'jsonl'))[0]) as Record<string, unknown>;
  assert.equal(header.format, 'face-keypoints/recording');
  assert.equal(header.version, 1);
  assert.equal(header.schema, 'ibug68');
  assert.deepEqual(header.coordinates, {
    unit: 'px',
    origin: 'top left',
    pixelCentre: 0.5,
    order: 'x0, y0, x1, …',
  });
});

test('jsonl: files that were joined are one recording, whose time does not go back', () => {
  const a = [frame(0), frame(1, 2)];
  const joined = (b: RecordedFrame[]) =>
    parseRecording(formatRecording(a, 'jsonl') + formatRecording(b, 'jsonl'), 'jsonl');
  assert.deepEqual(joined([frame(1, 0)]), [...a, frame(1, 0)]);
  refused(() => joined([frame(0)]), /^Line 5 .*timestamp 0 .*\(1\)/);
});

test('jsonl: a broken line is named with its reason', () => {
  const text = formatRecording([frame(0), frame(40), frame(80)], 'jsonl');
  const broken = (line: number, to: (line: string) => string) =>
    parseRecording(
      lines(text)
        .map((each, i) => (i === line - 1 ? to(each) : each))
        .join('\n'),
      'jsonl',
    );
  refused(() => broken(3, (line) => line.slice(0, 100)), /^Line 3 .*no JSON.*cut off/);
  refused(() => broken(3, () => '[]'), /^Line 3 .*no JSON object/);
  refused(() => broken(2, () => '{}'), /^Line 2 .*faces/);
  refused(() => broken(4, (line) => line.replace('"timestamp":80', '"timestamp":39')), /^Line 4 .*39.*40/);
  refused(
    () => broken(4, (line) => line.replace('"timestamp":80', '"timestamp":"80"')),
    /^Line 4 .*timestamp/,
  );
  refused(() => broken(4, (line) => line.replace(/"presence":[^,]*/, '"presence":"0.5"')), /presence/);
  refused(() => broken(2, (line) => line.replace('"keypoints":[', '"keypoints":[1,')), /Line 2 .*137 .*136/);
  refused(() => broken(2, (line) => line.replace(/"keypoints":\[[^,]*/, '"keypoints":[1e39')), /float32/);
  refused(() => broken(2, (line) => line.replace(/"spread":\[[^,]*/, '"spread":[null')), /no number/);
  refused(
    () => broken(1, (line) => line.replace('"version":1', '"version":9')),
    /^Line 1 .*version 9.*update/,
  );
  refused(() => broken(1, (line) => line.replace('ibug68', 'wflw98')), /^Line 1 .*wflw98/);
  refused(() => broken(1, () => '{"a":1}'), /^Line 1 .*no recording/);
});

test('csv: RFC 4180, a plain header, a row a face', () => {
  const text = formatRecording([frame(0, 2), frame(40, 0, { file: 'a "b", c' })], 'csv');
  const rows = text.split('\r\n');
  assert.equal(rows.pop(), '');
  assert.equal(rows.length, 1 + 2 + 1);
  assert.ok(!text.replaceAll('\r\n', '').includes('\n'));
  const header = rows[0].split(',');
  assert.deepEqual(header.slice(0, 9), [
    ...['frame', 'file', 'timestamp_ms', 'width', 'height', 'face_id', 'presence', 'x0', 'y0'],
  ]);
  assert.equal(header.at(-1), 'spread67');
  assert.equal(rows[1].split(',').length, header.length);
  assert.ok(rows[3].startsWith('1,"a ""b"", c",40,640,480,,,'));
});

test('csv: columns are found by name, quoted or not, whatever stands between them', () => {
  const frames = [frame(0, 1, { file: 'x' }), frame(9, 3)];
  const rows = formatRecording(frames, 'csv').trimEnd().split('\r\n');
  const moved = rows.map((row, i) => {
    const cells = row.split(',');
    return [i ? 'a ""note""\r\n,' : 'note', ...cells.reverse()]
      .map((cell) => (cell === '' || cell.startsWith('"') ? cell : `"${cell}"`))
      .join(',');
  });
  assert.deepEqual(parseRecording(moved.join('\n'), 'csv'), frames);
});

test('csv: a broken row is named with its reason', () => {
  const text = formatRecording([frame(0, 2), frame(40, 1)], 'csv');
  const row = (line: number, to: (cells: string[]) => string[]) =>
    parseRecording(
      lines(text)
        .map((each, i) => (i === line - 1 ? to(each.split(',')).join(',') : each))
        .join('\r\n'),
      'csv',
    );
  const set = (at: number, value: string) => (cells: string[]) => cells.with(at, value);
  refused(() => row(1, (cells) => cells.slice(0, -1)), /^Line 1 .*lacks 1 of .*spread67/);
  refused(() => row(3, (cells) => cells.slice(0, -1)), /^Line 3 .*fields/);
  refused(() => row(2, set(7, 'abc')), /^Line 2 .*keypoints/);
  refused(() => row(2, set(7, '')), /^Line 2 .*keypoints/);
  refused(() => row(2, set(5, '')), /^Line 2 .*id/);
  refused(() => row(4, set(3, '0x10')), /^Line 4 .*size/);
  refused(() => row(3, set(2, '1')), /^Line 3 .*frame 0 has another time/);
  refused(() => row(3, (cells) => cells.fill('', 5)), /^Line 3 .*without a face/);
  refused(() => row(2, set(1, '"open')), /no end/);
  refused(() => row(2, set(1, '"a"b')), /^Line 2 .*after a quoted field/);
});

test('vtt: cues that players take, one after another', () => {
  const text = formatRecording([frame(1000.2), frame(1040.4), frame(1040.45), frame(3661123.2, 0)], 'vtt');
  assert.match(text, /^WEBVTT\n\nNOTE \{.*\}\n\n/);
  const times = [...text.matchAll(/^(\S+) --> (\S+)$/gm)].map(([, start, end]) => [start, end]);
  assert.deepEqual(times, [
    ['00:00:00.000', '00:00:00.040'],
    ['00:00:00.040', '00:00:00.041'],
    ['00:00:00.040', '01:01:00.123'],
    ['01:01:00.123', '02:02:00.206'],
  ]);
  for (const block of text.trimEnd().split('\n\n').slice(2)) {
    const [, payload, ...more] = block.split('\n');
    assert.deepEqual(more, []);
    assert.equal(typeof JSON.parse(payload), 'object');
  }
});

test('vtt: the only cue ends, and the origin can be that of a video', () => {
  assert.match(formatRecording([frame(7)], 'vtt'), /00:00:00\.000 --> 00:00:00\.040/);
  assert.match(formatRecording([frame(2500)], 'vtt', { origin: 0 }), /00:00:02\.500 --> 00:00:02\.540/);
  refused(() => formatRecording([frame(1)], 'vtt', { origin: 500 }), /before the origin/);
});

test('vtt: what is written ahead counts from the first frame; another origin, and what it cannot tell, are as ever', async () => {
  const ahead = new Recorder({ ahead: ['vtt'] });
  const frames = [frame(2500), frame(2540)];
  for (const each of frames) ahead.add(each);
  for (const options of [{}, { origin: 0 }, { origin: 2500 }])
    assert.equal(await ahead.toBlob('vtt', options).text(), formatRecording(frames, 'vtt', options));
  refused(() => ahead.toBlob('vtt', { origin: 3000 }), /before the origin/);
  assert.equal(await ahead.toBlob('csv').text(), formatRecording(frames, 'csv'), 'not written ahead');
  ahead.add(frame(1e300));
  refused(() => ahead.toBlob('vtt'), /too far from the origin/);
  assert.equal(ahead.frames.length, 3);
  assert.throws(() => new Recorder({ ahead: ['xml' as never] }), { code: 'option-invalid' });
});

test('vtt: ids, settings, notes and styles of others are passed over; broken cues are named', () => {
  const frames = [frame(0), frame(40)];
  const text = formatRecording(frames, 'vtt');
  const edited = text
    .replace(/^WEBVTT/, 'WEBVTT - by hand')
    .replace(/\n(\S+ --> \S+)/g, '\nNOTE any\nthing\n\nSTYLE\n::cue {}\n\nan id\n$1 align:left');
  assert.deepEqual(parseRecording(edited, 'vtt'), frames);
  refused(() => parseRecording(text.slice(3), 'vtt'), /^Line 1 .*WEBVTT/);
  refused(() => parseRecording(text.replace('"version":1', '"version":2'), 'vtt'), /^Line 3 .*version 2/);
  refused(() => parseRecording(text.replace('00:00:00.000', '0:00'), 'vtt'), /^Line 5 .*cue times/);
  refused(() => parseRecording(text.replace('{"timestamp":40', '{timestamp:40'), 'vtt'), /^Line 9 .*no JSON/);
});

test('the recorder copies what it keeps, and refuses time that goes back', () => {
  const recorder = new Recorder();
  assert.equal(recorder.duration, 0);
  const detail = { ...frame(100, 2), extra: 'box' };
  const before = structuredClone(detail.faces);
  recorder.add(detail);
  detail.faces[0].keypoints.fill(0);
  recorder.add(frame(350.5, 0));
  refused(() => recorder.add(frame(350)), /^Frame 3 .*350/);
  assert.equal(recorder.duration, 250.5);
  assert.equal(recorder.frames.length, 2);
  assert.deepEqual(recorder.frames[0], { timestamp: 100, width: 640, height: 480, faces: before });
  recorder.clear();
  assert.deepEqual(recorder.frames, []);
  recorder.add(frame(1));
  assert.equal(recorder.toBlob('vtt').type, 'text/vtt;charset=utf-8');
});

async function all(frames: AsyncIterable<RecordedFrame>): Promise<RecordedFrame[]> {
  const list: RecordedFrame[] = [];
  for await (const each of frames) list.push(each);
  return list;
}

async function* oneByOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
}
