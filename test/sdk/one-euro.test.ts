import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PointFilter } from '../../sdk/src/index.ts';

const SIZE = 100;
let state = 1;
const noise = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 31 - 1;

test('a resting point gets steadier', () => {
  const filter = new PointFilter();
  const raw: number[] = [];
  const out: number[] = [];
  for (let t = 0; t < 3000; t += 33) {
    const x = 50 + 0.3 * noise();
    raw.push(x);
    out.push(filter.filter(Float32Array.of(x, 50), SIZE, t)[0]);
  }
  const ratio = deviation(out.slice(30)) / deviation(raw.slice(30));
  assert.ok(ratio < 0.6, `${ratio}`);
});

test('a fast point is followed within a frame or two', () => {
  const filter = new PointFilter();
  let lag = 0;
  for (let t = 0; t <= 1000; t += 33) {
    const x = (2 * SIZE * t) / 1000;
    lag = x - filter.filter(Float32Array.of(x, 0), SIZE, t)[0];
  }
  assert.ok(lag < 0.03 * SIZE, `${lag} px behind at two face sizes per second`);
});

test('from 30 frames a second on, the result depends on time and not on the frame rate', () => {
  const at = (step: number): number => {
    const filter = new PointFilter({ beta: 0 });
    let value = 0;
    for (let t = 0; t <= 1600; t += step)
      value = filter.filter(Float32Array.of(t <= 1200 ? 0 : 10, 0), SIZE, t)[0];
    return value;
  };
  assert.ok(Math.abs(at(10) - at(25)) < 1e-3, `${at(10)} and ${at(25)}`);
  const moving = (step: number): number => {
    const filter = new PointFilter();
    let value = 0;
    for (let t = 0; t <= 400; t += step) value = filter.filter(Float32Array.of(t / 4, 0), SIZE, t)[0];
    return value;
  };
  assert.ok(Math.abs(moving(10) - moving(20)) < 1, `${moving(10)} and ${moving(20)}`);
});

test('the result does not depend on the distance of the face', () => {
  const [near, far] = [new PointFilter(), new PointFilter()];
  for (let t = 0; t < 500; t += 33) {
    const x = Math.sin(t / 50) * 10;
    const a = near.filter(Float32Array.of(x, 0), SIZE, t)[0];
    const b = far.filter(Float32Array.of(x / 4, 0), SIZE / 4, t)[0];
    assert.ok(Math.abs(a / 4 - b) < 1e-3);
  }
});

test('a gap or a step back in time starts afresh; the same time twice changes nothing', () => {
  const filter = new PointFilter();
  filter.filter(Float32Array.of(0, 0), SIZE, 1000);
  assert.equal(filter.filter(Float32Array.of(50, 0), SIZE, 1000)[0], 0);
  assert.equal(filter.filter(Float32Array.of(50, 0), SIZE, 5000)[0], 50);
  assert.equal(filter.filter(Float32Array.of(7, 0), SIZE, 10)[0], 7);
});

test('input is not changed and output not shared', () => {
  const filter = new PointFilter();
  const input = Float32Array.of(1, 2);
  const first = filter.filter(input, SIZE, 0);
  const second = filter.filter(Float32Array.of(3, 4), SIZE, 33);
  assert.deepEqual([...input], [1, 2]);
  assert.deepEqual([...first], [1, 2]);
  assert.notEqual(first, second);
});

/** White noise of a deviation of about 0.2 px around 50, and what the filter makes of it after 30 frames. */
function rest(
  filter: PointFilter,
  spread?: number,
  step = 33,
): { readonly raw: number[]; readonly out: number[] } {
  const raw: number[] = [];
  const out: number[] = [];
  for (let i = 0; i < 120; i++) {
    const x = 50 + 0.35 * noise();
    const known = spread === undefined ? undefined : [spread];
    const y = filter.filter(Float32Array.of(x, 50), SIZE, i * step, known)[0];
    if (i < 30) continue;
    raw.push(x);
    out.push(y);
  }
  return { raw, out };
}

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

test('where the expected error explains the speed, a resting point is four times as steady', () => {
  const known = rest(new PointFilter(), 2);
  const unknown = rest(new PointFilter());
  const ratio = deviation(known.out) / deviation(known.raw);
  assert.ok(ratio < 0.25, `${ratio}`);
  assert.ok(ratio < 0.8 * (deviation(unknown.out) / deviation(unknown.raw)));
});

test('a slow machine gets as steady a point and is as close behind it, frame by frame', () => {
  for (const step of [33, 70, 130, 330]) {
    const { raw, out } = rest(new PointFilter(), 2, step);
    const ratio = deviation(out) / deviation(raw);
    assert.ok(ratio < 0.25, `${ratio} at a frame in ${step} ms`);
    // A fifth of the face from frame to frame.
    const filter = new PointFilter();
    const behind = Array.from({ length: 12 }, (_, i) => {
      const x = 20 * Math.max(0, i - 4);
      return x - filter.filter(Float32Array.of(x, 0), SIZE, i * step, [2])[0];
    });
    assert.ok(Math.max(...behind) < 20, `${Math.max(...behind)} px behind at a frame in ${step} ms`);
  }
});

test('a slow motion stays behind by no more than about one expected error', () => {
  for (const speed of [1, 3, 6, 12, 50]) {
    const filter = new PointFilter();
    let behind = 0;
    for (let t = 0; t <= 4000; t += 33) {
      const x = (speed * t) / 1000;
      behind = x - filter.filter(Float32Array.of(x, 0), SIZE, t, [2])[0];
    }
    assert.ok(behind < 1.05 * 2, `${behind} px behind at ${speed} px/s`);
  }
});

test('on a path, 30 and 60 frames a second give like results, 15 less than half a frame behind', () => {
  const path = (t: number): number =>
    30 * Math.sin(t / 150) + (t > 600 ? 20 : 0) * Math.min(1, (t - 600) / 100);
  const TIMES = Array.from({ length: 31 }, (_, i) => (1000 * i) / 15);
  const at = (rate: number): number[] => {
    const filter = new PointFilter();
    const values: number[] = [];
    for (let i = 0; i <= 2 * rate; i++) {
      const t = (1000 * i) / rate;
      const [x] = filter.filter(Float32Array.of(path(t), 0), SIZE, t, [2]);
      if (i % (rate / 15) === 0) values.push(x);
    }
    return values;
  };
  const difference = (a: number[], b: number[]): number =>
    Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length);
  // Of a path that moves by 30 px either way.
  const apart = difference(at(30), at(60));
  assert.ok(apart < 1.5, `${apart} px between 30 and 60`);
  const behind = difference(
    at(15),
    TIMES.map((t) => path(t)),
  );
  const halfAFrame = difference(
    TIMES.map((t) => path(t)),
    TIMES.map((t) => path(t - 33)),
  );
  assert.ok(behind < halfAFrame, `${behind} px behind at 15, half a frame is ${halfAFrame}`);
});

test('other cutoffs take over where the filter is; refused ones change nothing', () => {
  const filter = new PointFilter({ minCutoff: 0.1, beta: 0 });
  for (let t = 0; t < 1000; t += 33) filter.filter(Float32Array.of(0, 0), SIZE, t);
  const [before] = filter.filter(Float32Array.of(10, 0), SIZE, 1000);
  filter.configure({ minCutoff: 0.2, beta: 0 });
  const [after] = filter.filter(Float32Array.of(10, 0), SIZE, 1033);
  assert.ok(after > before && after < 2, `from ${before} to ${after}: no jump to the input`);
  assert.throws(() => filter.configure({ minCutoff: -1 }), { code: 'option-invalid' });
  const [kept] = filter.filter(Float32Array.of(10, 0), SIZE, 1066);
  assert.ok(kept > after && kept < 2);
});
