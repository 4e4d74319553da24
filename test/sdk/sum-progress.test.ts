import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumProgress } from '../../sdk/src/index.ts';

test('bytes of several files add up, to a total once each is known', () => {
  const sums: string[] = [];
  const onProgress = sumProgress(({ loaded, total }) => void sums.push(`${loaded} of ${total}`));
  onProgress({ url: 'a', loaded: 0, total: 0 });
  onProgress({ url: 'b', loaded: 0, total: 0 });
  onProgress({ url: 'a', loaded: 10, total: 10 });
  onProgress({ url: 'b', loaded: 0, total: 30 });
  onProgress({ url: 'b', loaded: 20, total: 30 });
  assert.deepEqual(sums, ['0 of 0', '0 of 0', '10 of 0', '10 of 40', '30 of 40']);
});
