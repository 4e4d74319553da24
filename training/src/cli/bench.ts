import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { OurStep } from '../bench/our-step.ts';
import { spreadOf, timePairs, type Timed } from '../bench/pairs.ts';
import { profileStep } from '../bench/profile.ts';
import { dearest, shareTable } from '../bench/table.ts';
import { TorchMissing, TorchStep } from '../bench/torch-process.ts';
import { startEngine } from '../engines/choose.ts';
import { networkNamed } from '../models/networks.ts';
import { inputStep } from '../inputs/input.ts';
import { engineNamed } from './engine-option.ts';
import { main } from './main.ts';
import { count } from './number-option.ts';
import { newSettings } from './train-settings.ts';

const USAGE = `npm run bench:train -- [options]
  Times a training step, in turns with PyTorch's on the same network and batch where there is PyTorch. Needs no data.
  --profile         where the time of our step goes, instead
  --python FILE     a Python that has PyTorch (default: python3)
  --engine NAME     node-gpu, node, webgpu, wasm or cpu (default: the fastest that starts)
  --threads N       of both (default: as many as there are; wasm and cpu have one)
  --precision NAME  of products: bfloat16 where the processor can (default, as npm run train has it), or float32
  --pairs N         turns of each (default: 5); --steps N: steps a turn, or of the profile (default: 2)
  --warm-up N       steps before, which take longer (default: 3)
  --size PX, --batch N, --seed N (default: 128, 32, 1)`;

const NETWORK = 'resnet18';
const OPERATIONS = 12;
const PRECISIONS = ['bfloat16', 'float32'];

await main(async () => {
  const { values } = parseArgs({
    options: {
      profile: { type: 'boolean', default: false },
      python: { type: 'string', default: 'python3' },
      engine: { type: 'string' },
      threads: { type: 'string' },
      precision: { type: 'string', default: 'bfloat16' },
      pairs: { type: 'string', default: '5' },
      steps: { type: 'string', default: '2' },
      'warm-up': { type: 'string', default: '3' },
      size: { type: 'string' },
      batch: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { size, batch, seed, precision } = values;
  if (!PRECISIONS.includes(precision))
    throw new Error(`unknown precision "${precision}". Should be one of: ${PRECISIONS.join(', ')}`);
  const [pairs, steps, warmUp] = (['pairs', 'steps', 'warm-up'] as const).map((name) =>
    count(name, values[name]),
  );
  const settings = newSettings(NETWORK, true, { preset: 'plain', size, batch, seed });
  const wanted = values.threads === undefined ? availableParallelism() : count('threads', values.threads);

  // TensorFlow reads both when it loads.
  process.env.TF_NUM_INTRAOP_THREADS = String(wanted);
  process.env.TF_SET_ONEDNN_FPMATH_MODE = precision === 'bfloat16' ? 'BF16' : 'F32';
  using engine = await startEngine(engineNamed(values.engine), (line) => console.error(line));
  const native = engine.name === 'node' || engine.name === 'node-gpu';
  const threads = native ? wanted : 1;
  const bfloat16 = native && precision === 'bfloat16';
  const ours = await OurStep.create(engine, networkNamed(NETWORK), settings);
  console.log(`${NETWORK}, ${settings.size} px, batch ${settings.batch}, ${ours.weightCount} weights`);
  console.log(`ours: ${engine.description}, ${threads} thread${threads === 1 ? '' : 's'}`);
  console.log(bfloat16 ? 'products in bfloat16 where the processor can' : 'products in float32');

  if (values.profile) {
    await ours.time(warmUp);
    const { parts, operations, augmentation } = await profileStep(engine, ours, settings, steps);
    const { milliseconds, waits } = augmentation;
    console.log(`\na step, mean of ${steps}\n${shareTable(parts)}`);
    const nested = native ? '' : '; what is made of others counts in both';
    console.log(
      `\nits operations on the engine, timed one by one${nested}\n${shareTable(dearest(operations, OPERATIONS))}`,
    );
    console.log(
      `\naugmentation of a batch: ${milliseconds.toFixed(0)} ms in its worker, beside the step; the engine waited for it in ${waits} of ${steps} steps`,
    );
    return;
  }

  const theirs = await startTorch(values.python, {
    size: inputStep(settings).width,
    batch: settings.batch,
    landmarks: 68,
    threads,
    bfloat16,
  });
  if (!theirs) {
    await ours.time(warmUp);
    const rates: number[] = [];
    for (let i = 0; i < pairs; i++) rates.push((steps * settings.batch) / (await ours.time(steps)));
    const { median, least, most } = spreadOf(rates);
    return console.log(`ours ${median.toFixed(1)} images/s (${least.toFixed(1)} to ${most.toFixed(1)})`);
  }
  try {
    if (theirs.weights !== ours.weightCount)
      throw new Error(
        `the networks differ: PyTorch's has ${theirs.weights} weights, ours ${ours.weightCount}`,
      );
    console.log(
      `theirs: PyTorch ${theirs.version}, ${theirs.threads} thread${theirs.threads === 1 ? '' : 's'}, the same number of weights`,
    );
    await warm(ours, theirs, warmUp);
    console.log(`warm; ${pairs} pairs of ${steps} steps`);
    const measured = await timePairs(ours, theirs, { pairs, steps, batch: settings.batch });
    for (const pair of measured)
      console.log(
        `ours ${pair.ours.toFixed(1)}, PyTorch ${pair.theirs.toFixed(1)} images/s: ${(pair.ours / pair.theirs).toFixed(2)}`,
      );
    const rate = (side: 'ours' | 'theirs') => spreadOf(measured.map((pair) => pair[side])).median.toFixed(1);
    const ratio = spreadOf(measured.map((pair) => pair.ours / pair.theirs));
    console.log(
      `medians: ours ${rate('ours')}, PyTorch ${rate('theirs')} images/s; ratio ${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`,
    );
  } finally {
    theirs.close();
  }
});

async function warm(ours: Timed, theirs: Timed, steps: number): Promise<void> {
  await ours.time(steps);
  await theirs.time(steps);
}

async function startTorch(python: string, setup: Parameters<typeof TorchStep.start>[1]) {
  try {
    return await TorchStep.start(python, setup);
  } catch (error) {
    if (!(error instanceof TorchMissing)) throw error;
    console.log(
      `no PyTorch to compare with (${error.message}): \`python3 -m venv torch && torch/bin/pip install torch\`, then \`--python torch/bin/python\``,
    );
    return undefined;
  }
}
