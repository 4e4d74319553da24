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
  const deviation = (values: number[]): number => {
    const rest = values.slice(30);
    const mean = rest.reduce((a, b) => a + b) / rest.length;
    return Math.sqrt(rest.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rest.length);
  };
  assert.ok(deviation(out) < 0.6 * deviation(raw), `${deviation(out)} of ${deviation(raw)}`);
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

test('the result depends on time, not on the frame rate', () => {
  const at = (step: number): number => {
    const filter = new PointFilter({ beta: 0 });
    let value = 0;
    for (let t = 0; t <= 400; t += step)
      value = filter.filter(Float32Array.of(t === 0 ? 0 : 10, 0), SIZE, t)[0];
    return value;
  };
  assert.ok(Math.abs(at(10) - at(40)) < 1e-3, `${at(10)} and ${at(40)}`);
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
