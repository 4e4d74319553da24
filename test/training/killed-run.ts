/** A small run that goes on from its folder's checkpoint; the test of kills starts it as a process of its own. */
import { RunFolder } from '../../training/src/trainer/run-folder.ts';
import { startWasm } from '../../training/src/engines/wasm.ts';
import { train } from '../../training/src/trainer/train.ts';
import { noiseFaces, TINY_SETTINGS, tinyNetwork } from './support.ts';

const settings = { ...TINY_SETTINGS, epochs: 60, stepsPerEpoch: 1, batch: 2 };

const folder = new RunFolder(process.argv[2]);
const resume = await folder.checkpoint();
if (resume) await folder.reopen();
else {
  const about = { command: [], network: 'tiny', engine: 'wasm', faces: { noise: 4 }, started: 'now' };
  await folder.start({ ...about, settings }, true);
}
const engine = await startWasm();
await train({
  engine,
  network: { name: 'tiny', build: tinyNetwork },
  settings,
  train: noiseFaces(4),
  val: noiseFaces(1, 'val'),
  initial: new Map(),
  resume,
  workers: 1,
  onStep: () => {},
  onEpoch: (record, checkpoint) => {
    process.stdout.write('writing\n');
    return folder.epochDone(record, checkpoint);
  },
});
