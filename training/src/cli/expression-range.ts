import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { expressionLengths, type ExpressionLengths } from '../../../sdk/src/landmarks/expression.ts';
import { main } from './main.ts';

const USAGE = `node --import tsx training/src/cli/expression-range.ts --data DIR
  --data DIR   folder that holds lfpw, helen and afw; prints what lengths their faces have, in percentiles`;
const PERCENTILES = [1, 5, 25, 50, 75, 95, 99];

await main(async () => {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(USAGE);
  if (!values.data) throw new Error(`which faces? Give --data DIR\n${USAGE}`);
  const all: ExpressionLengths[] = [];
  for (const set of ['lfpw', 'helen', 'afw']) {
    const lines = await readFile(join(resolve(values.data), set, 'annotations.jsonl'), 'utf8');
    for (const line of lines.trim().split('\n')) {
      const { points } = JSON.parse(line) as { points: [number, number][] };
      all.push(expressionLengths(points.flat()));
    }
  }
  console.log(`${all.length} faces`);
  console.table(
    Object.fromEntries(
      (Object.keys(all[0]) as (keyof ExpressionLengths)[]).map((name) => {
        const sorted = all.map((lengths) => lengths[name]).sort((a, b) => a - b);
        const at = (percent: number) => sorted[Math.round((percent / 100) * (sorted.length - 1))].toFixed(3);
        return [name, Object.fromEntries(PERCENTILES.map((percent) => [`${percent} %`, at(percent)]))];
      }),
    ),
  );
});
