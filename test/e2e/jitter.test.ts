import assert from 'node:assert/strict';
import { it } from 'node:test';
import { JitterTrace } from '../../app/src/jitter.ts';
import { faceAt } from './face-at.ts';

it('the trace of trembling is of one person at a time', () => {
  const trace = new JitterTrace();
  const person = faceAt(0, { id: 1 });
  const other = faceAt(300, { id: 2, size: 50 });
  for (const face of [person, person, other, other, undefined, person, person]) trace.add(face);
  assert.deepEqual(trace.values, [0, 0, 0]);
});
