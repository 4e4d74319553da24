import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Measurements } from '../export/curve.ts';
import { plotMeasurements } from '../export/plot.ts';
import { main } from './main.ts';

const USAGE = `npm run plot -- MODEL [--out FILE]
  MODEL        folder of \`npm run export\` with --budget or --loss, or the quantization.json that it holds
  --out FILE   where the picture goes (default: docs/quantization.svg)`;

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'docs/quantization.svg' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (positionals.length !== 1) throw new Error(`which measurements?\n${USAGE}`);
  const given = resolve(positionals[0]);
  const file = given.endsWith('.json') ? given : join(given, 'quantization.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read; \`npm run export\` with --budget or --loss writes it`, {
      cause,
    });
  });
  await writeFile(resolve(values.out), plotMeasurements(JSON.parse(text) as Measurements));
});
