/** `worker="auto"`, the default of `<face-keypoints>`: the models run beside the page, and on it where that cannot be. */
import type { FaceKeypointsElement } from '../../sdk/src/define.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, createElement, equal, next, picture, sleep, until } from './support.ts';

/** Every worker that the page makes, and those that were ended. */
function watchWorkers(): { made: Worker[]; ended: Set<Worker>; restore: () => void } {
  const { Worker } = window;
  const made: Worker[] = [];
  const ended = new Set<Worker>();
  window.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      made.push(this);
    }
    override terminate(): void {
      ended.add(this);
      super.terminate();
    }
  };
  return { made, ended, restore: () => (window.Worker = Worker) };
}

const create = (fields: Partial<FaceKeypointsElement>): FaceKeypointsElement =>
  createElement({ model: fakeLandmarkModel(), worker: 'auto', assets: '/sdk', ...fields });

describe('<face-keypoints> with a worker', () => {
  let workers: ReturnType<typeof watchWorkers>;
  beforeEach(() => {
    workers = watchWorkers();
  });
  afterEach(() => {
    workers.restore();
    document.body.replaceChildren();
  });

  it('finds the example face there, and ends it when it leaves the page', async () => {
    equal(document.createElement('face-keypoints').worker, 'auto', 'the default');
    const element = create({ source: await picture() });
    const found = next(element, 'keypoints');
    document.body.append(element);
    equal((await found).faces.length, 1, 'faces');
    equal(element.stats.worker, true, 'in a worker');
    equal(element.stats.backend, 'wasm');
    assert(element.stats.landmarkMs > 0, 'its timings have come');
    const again = next(element, 'keypoints');
    element.maxFaces = 2;
    await again;
    equal(element.tracker?.options.maxFaces, 2);
    equal(workers.made.length, 1, 'workers');
    element.remove();
    await until(() => workers.ended.has(workers.made[0]!), 'the worker’s end', 500);
  });

  it('gives the same as on the page’s thread', async () => {
    const source = await picture();
    const points = async (worker: 'auto' | 'off'): Promise<string> => {
      const element = create({ worker, source });
      const found = next(element, 'keypoints');
      document.body.append(element);
      const { faces } = await found;
      equal(element.stats.worker, worker === 'auto', 'in a worker');
      element.remove();
      return String(faces[0]!.keypoints);
    };
    equal(await points('auto'), await points('off'), 'points');
  });

  it('works on the page’s thread when the script cannot be loaded', async () => {
    const element = create({ assets: '/no/such/folder', source: await picture() });
    const errors: unknown[] = [];
    element.addEventListener('error', ({ detail }) => errors.push(detail));
    const found = next(element, 'keypoints');
    document.body.append(element);
    equal((await found).faces.length, 1, 'faces');
    equal(workers.made.length, 1, 'workers tried');
    equal(element.stats.worker, false, 'in a worker');
    equal(errors.length, 0, 'errors');
    equal(element.state, 'running');
  });

  it('tells of a crash, and starts anew with another worker', async () => {
    const element = create({ camera: true });
    const frame = next(element, 'keypoints');
    document.body.append(element);
    await frame;
    const failed = next(element, 'error');
    workers.made[0]!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }));
    equal((await failed).code, 'unexpected');
    equal(element.state, 'error');
    assert(workers.ended.has(workers.made[0]!), 'the crashed worker is ended');
    await element.updateComplete;
    const better = next(element, 'keypoints');
    element.shadowRoot!.querySelector('button')!.click();
    await better;
    equal(element.state, 'running');
    equal(workers.made.length, 2, 'workers');
  });

  it('holds no worker outside a page: a load() there waits until it comes into one', async () => {
    const element = create({ maxFaces: '2' as unknown as number });
    await element.load();
    await sleep(50);
    equal(workers.made.length, 0, 'workers of an element that is in no page');
    const ready = next(element, 'ready');
    document.body.append(element);
    equal((await ready).backend, 'wasm');
    equal(workers.made.length, 1, 'workers');
    equal(element.tracker?.options.maxFaces, 2, 'a property that a framework set to text');
    element.remove();
    await until(() => workers.ended.size === 1, 'its end', 500);
    document.body.append(element);
    await element.updateComplete;
    equal(workers.made.length, 1, 'workers after a return that nobody asked to load anything');
  });

  it('leaves no worker behind when it goes while one loads', async () => {
    const element = create({ source: await picture() });
    document.body.append(element);
    await until(() => workers.made.length === 1, 'a worker');
    element.remove();
    await until(() => workers.ended.size === 1, 'its end', 500);
    await sleep(300);
    equal(workers.made.length, 1, 'workers');
    equal(element.state, 'idle');
  });
});
