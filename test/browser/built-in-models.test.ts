/** The landmark models that come with the package: which one runs, and that only this one is downloaded. */
import { locateAssets } from '../../sdk/src/assets.ts';
import { createTracker, FaceKeypointsError, FaceTracker, MODELS } from '../../sdk/src/index.ts';
import type { TrackerOptions } from '../../sdk/src/index.ts';
import { createRuntime } from '../../sdk/src/runtime/runtime.ts';
import { assert, equal, next, picture } from './support.ts';

/** The built package, with its packed weights. */
const ASSETS = '/sdk';

/** The folders of the models that were asked for, each once. */
async function modelsLoaded(options: TrackerOptions & { worker?: boolean }): Promise<string> {
  const urls = new Set<string>();
  const tracker = await createTracker({
    assets: ASSETS,
    ...options,
    onProgress: ({ url }) => void urls.add(url),
  });
  const { name } = tracker.metadata;
  await tracker.close();
  const folders = [...urls].map((url) => url.split('/').at(-2)).sort();
  return `${folders.join()}; runs ${name}`;
}

const mount = (html: string) => {
  document.body.innerHTML = html;
  return document.querySelector('face-keypoints')!;
};

describe('the package’s own models', () => {
  afterEach(() => document.body.replaceChildren());

  for (const worker of [true, false]) {
    it(`auto loads lite alone on wasm, ${worker ? 'in a worker' : 'on the page’s thread'}`, async () => {
      equal(await modelsLoaded({ backend: 'wasm', worker }), 'blazeface,lite; runs lite');
      const model = 'resnet18';
      equal(await modelsLoaded({ backend: 'wasm', worker, model }), 'blazeface,resnet18; runs resnet18');
    });
  }

  it('auto is resnet18 on a GPU', () => {
    const { webgpu, webgl, wasm } = locateAssets({ assets: ASSETS }).model;
    equal([webgpu, webgl, wasm].map((url) => String(url).split('/').at(-2)).join(), 'resnet18,resnet18,lite');
  });

  it('asks the server for no file of the other model', async () => {
    performance.clearResourceTimings();
    const tracker = await FaceTracker.create({ assets: ASSETS, backend: 'wasm' });
    await tracker.close();
    const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    const weights = asked.filter((url) => url.includes('/lite/weights'));
    equal(weights.map((url) => url.split('/').at(-1)).join(), 'weights.gz.bin');
    equal(asked.filter((url) => url.includes('resnet18')).length, 0, 'requests for resnet18');
  });

  for (const model of MODELS) {
    it(`${model} finds the drawn face, and puts its points on the features`, async () => {
      const element = mount(
        `<face-keypoints model="${model}" assets="${ASSETS}" backend="wasm"></face-keypoints>`,
      );
      element.source = await picture();
      const { faces, width } = await next(element, 'keypoints');
      equal(element.tracker!.metadata.name, model);
      equal(faces.length, 1, 'faces');
      const { keypoints } = faces[0]!;
      // Where the drawing, 960 wide, has its outer eye corners, nose base and mouth corners.
      for (const [i, x, y] of [
        [36, 340, 456],
        [45, 620, 456],
        [33, 480, 592],
        [48, 402, 654],
        [54, 558, 654],
      ] as const) {
        const scale = width / 960;
        const off = Math.hypot(keypoints[2 * i]! / scale - x, keypoints[2 * i + 1]! / scale - y) / 280;
        assert(off < 0.15, `point ${i} is ${(100 * off).toFixed(0)} % of the eye distance off`);
      }
    });
  }

  it('follow the element’s backend and model as they change', async function () {
    this.timeout(120_000);
    const element = mount(`<face-keypoints assets="${ASSETS}" backend="wasm"></face-keypoints>`);
    const running = async (attribute: 'backend' | 'model', value: string): Promise<unknown> => {
      element.setAttribute(attribute, value);
      await element.updateComplete;
      await element.load();
      return element.tracker?.metadata.name;
    };
    equal(await running('backend', 'wasm'), 'lite');
    equal(await running('backend', 'webgl'), 'resnet18');
    equal(await running('model', 'lite'), 'lite');
    equal(await running('model', 'auto'), 'resnet18');
    // The address of a folder.
    equal(await running('model', `${ASSETS}/models/lite`), 'lite');
    equal(await running('model', 'auto'), 'resnet18');
    equal(await running('backend', 'wasm'), 'lite');
  });

  it('change with what is left after the loss of a device', async function () {
    this.timeout(120_000);
    const { gpu } = navigator;
    const requestAdapter = gpu.requestAdapter.bind(gpu);
    let present = true;
    // The software adapter, which `auto` would pass over, under another name.
    gpu.requestAdapter = async () => {
      const adapter = present ? await requestAdapter() : null;
      if (!adapter) return null;
      const info = { vendor: 'a maker', architecture: '', device: '', description: '' };
      return Object.defineProperty(adapter, 'info', { value: info });
    };
    try {
      const first = await FaceTracker.create({ assets: ASSETS });
      equal(`${first.backend} ${first.metadata.name}`, 'webgpu resnet18');
      const { device } = await createRuntime({ backend: 'webgpu' });
      present = false;
      device!.destroy();
      await device!.lost;
      await first.close();
      const second = await FaceTracker.create({ assets: ASSETS });
      equal(`${second.backend} ${second.metadata.name}`, 'wasm lite');
      await second.close();
    } finally {
      Reflect.deleteProperty(gpu, 'requestAdapter');
    }
  });

  it('are named where a name is wrong', async () => {
    for (const worker of [true, false]) {
      const error: unknown = await createTracker({ assets: ASSETS, model: 'lit', worker }).catch(
        (reason: unknown) => reason,
      );
      assert(error instanceof FaceKeypointsError, String(error));
      equal(error.code, 'option-invalid');
      for (const name of ['auto', ...MODELS]) assert(error.message.includes(name), error.message);
    }
  });
});
