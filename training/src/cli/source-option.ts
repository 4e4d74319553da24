import { resolve } from 'node:path';
import { SYNTHETIC_TERMS, W300_TERMS } from '../export/card.ts';
import { foldLayers } from '../export/fold.ts';
import { sourceOfModel, type Source } from '../export/source.ts';
import { networkNamed } from '../models/networks.ts';
import { averagedParameters } from '../trainer/model-state.ts';
import { RunFolder } from './run-folder.ts';

export const W300_SETS: readonly string[] = ['lfpw', 'helen', 'afw'];

/** The network of `--run` (float) or else of `--model` (as it is stored). */
export async function readSource(options: { run?: string; model?: string }): Promise<Source> {
  if (options.run !== undefined) return sourceOfRun(new RunFolder(resolve(options.run)));
  if (options.model !== undefined) return sourceOfModel(resolve(options.model));
  throw new Error('which network? Give --run DIR or --model DIR');
}

async function sourceOfRun(folder: RunFolder): Promise<Source> {
  const checkpoint = await folder.checkpoint();
  if (!checkpoint)
    throw new Error(`${folder.path} holds no last.checkpoint; \`npm run train\` writes one after each epoch`);
  const run = await folder.description();
  const { size, cropFactor, seed, batch, stepsPerEpoch } = checkpoint.settings;
  const sets = Object.keys(run.faces).filter((set) => set !== 'negatives');
  return {
    network: networkNamed(checkpoint.network),
    layers: foldLayers(averagedParameters(checkpoint.state)),
    about: {
      name: checkpoint.network,
      network: checkpoint.network,
      inputSize: size,
      cropFactor,
      data: [...new Set([...sets, ...(run.inherited?.data ?? [])])],
      terms: [...new Set([termsOf(sets), ...(run.inherited ? [run.inherited.terms] : [])])].join(' '),
      training: { crops: checkpoint.epoch * stepsPerEpoch * batch, seed, engine: run.engine },
      measured: null,
    },
  };
}

function termsOf(sets: readonly string[]): string {
  if (W300_SETS.some((set) => sets.includes(set))) return W300_TERMS;
  return sets.every((set) => set === 'synthetic')
    ? SYNTHETIC_TERMS
    : 'Those of the data that it was trained on.';
}
