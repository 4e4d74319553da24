import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportHint } from '../../../training/src/cli/export-hint.ts';
import { noiseFaces } from '../support.ts';

test('what is to be done next works on what was read', () => {
  const held = noiseFaces(1);
  const hint = (
    source: { data?: string; format?: string },
    heldSplit: 'val' | 'test' = 'val',
    faces = held,
  ) => exportHint('runs/a', source, { held: faces, heldSplit });
  assert.equal(hint({}), 'npm run export -- --run runs/a');
  assert.equal(hint({ data: 'D' }), 'npm run export -- --run runs/a --data D');
  assert.equal(
    hint({ data: 'my D', format: 'pts' }),
    'npm run export -- --run runs/a --data "my D" --format pts',
  );
  assert.equal(
    hint({ data: 'D' }, 'test'),
    'npm run export -- --run runs/a',
    'there are none to validate on',
  );
  assert.equal(hint({ data: 'D' }, 'val', []), 'npm run export -- --run runs/a');
});
