import type { FaceKeypointsErrorCode } from '../../sdk/src/index.ts';
import { createElement, equal, next, picture } from './support.ts';

/** A `model.json` under an address of its own. */
const asUrl = (model: unknown): string =>
  URL.createObjectURL(
    new Blob([typeof model === 'string' ? model : JSON.stringify(model)], { type: 'application/json' }),
  );

async function codeFor(model: string): Promise<FaceKeypointsErrorCode> {
  const element = createElement({ model, source: await picture() });
  const failed = next(element, 'error');
  document.body.append(element);
  try {
    return (await failed).code;
  } finally {
    element.remove();
  }
}

describe('a model that is no good', () => {
  it('model-missing: not on the server', async () =>
    equal(await codeFor('/no/such/model.json'), 'model-missing'));

  it('model-missing: a server that answers everything with its index page', async () =>
    equal(await codeFor(asUrl('<!doctype html><title>Home</title>')), 'model-missing'));

  it('model-corrupt: weights that are too short', async () => {
    const weights = URL.createObjectURL(new Blob([new Uint8Array(7)]));
    const model = {
      format: 'graph-model',
      modelTopology: { node: [] },
      weightsManifest: [{ paths: [weights], weights: [{ name: 'a', shape: [2], dtype: 'float32' }] }],
    };
    equal(await codeFor(asUrl(model)), 'model-corrupt');
  });

  it('model-unsupported: another kind of model', async () =>
    equal(
      await codeFor(asUrl({ format: 'layers-model', modelTopology: {}, weightsManifest: [] })),
      'model-unsupported',
    ));
});
