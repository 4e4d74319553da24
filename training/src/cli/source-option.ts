import { resolve } from 'node:path';
import { foldLayers } from '../export/fold.ts';
import { sourceOfModel, type Source } from '../export/source.ts';
import { productNetworkNamed } from '../models/networks.ts';
import { averagedParameters } from '../trainer/model-state.ts';
import { dataOfRun, RunFolder, termsOfRun } from '../trainer/run-folder.ts';

/**
 * The network of `--run` (float) or else of `--model` (as it is stored).
 * @throws Error when it is not one that the product can run
 */
export async function readSource(options: { run?: string; model?: string }): Promise<Source> {
  if (options.run !== undefined) return sourceOfRun(new RunFolder(resolve(options.run)));
  if (options.model !== undefined) return sourceOfModel(resolve(options.model));
  throw new Error('which network? Give --run DIR or --model DIR');
}

/** Of a path that holds either. */
export async function runOrModel(path: string): Promise<Source> {
  if (path.endsWith('.json')) return sourceOfModel(resolve(path));
  const folder = new RunFolder(resolve(path));
  if (await folder.checkpoint()) return sourceOfRun(folder);
  return sourceOfModel(resolve(path)).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Error(`${path} holds neither a run (last.checkpoint) nor a model (model.json)`, { cause });
  });
}

async function sourceOfRun(folder: RunFolder): Promise<Source> {
  const { network, settings, epoch, state } = await folder.lastCheckpoint();
  const run = await folder.description();
  const { size, cropFactor, seed, batch, stepsPerEpoch } = settings;
  return {
    network: productNetworkNamed(network, settings),
    layers: foldLayers(averagedParameters(state)),
    about: {
      name: network,
      network,
      inputSize: size,
      cropFactor,
      data: dataOfRun(run),
      terms: termsOfRun(run).join(' '),
      training: {
        crops: epoch * stepsPerEpoch * batch,
        seed,
        engine: run.engine,
        ...((run.init ?? run.inherited) !== undefined && { continued: true }),
        ...(run.teacher !== undefined && { taught: true }),
      },
      measured: null,
    },
  };
}
