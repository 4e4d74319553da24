import { FaceKeypointsElement } from '../../sdk/src/define.ts';
import { Models } from '../../sdk/src/element/models.ts';
import { effectsOf } from '../../sdk/src/element/properties.ts';
import type { Tracker, TrackingOptions } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import {
  assert,
  createElement,
  DETECTOR,
  equal,
  next,
  OPTIONS,
  picture,
  sleep,
  until,
  warningsOf,
} from './support.ts';

/** A tracker that only remembers how it was configured. */
function fakeTracker(): Tracker & { configured: Partial<TrackingOptions>[]; closed: boolean } {
  const tracker = {
    configured: [] as Partial<TrackingOptions>[],
    closed: false,
    configure: (changes: Partial<TrackingOptions>) => void tracker.configured.push(changes),
    close: async () => void (tracker.closed = true),
  };
  return tracker as unknown as ReturnType<typeof fakeTracker>;
}

async function setModel(element: FaceKeypointsElement, model: string): Promise<unknown> {
  element.setAttribute('model', model);
  await element.updateComplete;
  return element.model;
}

describe('<face-keypoints> properties', () => {
  afterEach(() => document.body.replaceChildren());

  it('warns once of each wrong attribute, names the valid values and falls back', async () => {
    const mount = async (): Promise<FaceKeypointsElement> => {
      document.body.innerHTML = `<face-keypoints overlay="sparkles" max-faces="0" smoothing="maybe" backend="abacus"
        facing-mode="sideways" resolution="8k" worker="union" model="lit"></face-keypoints>`;
      const element = document.querySelector('face-keypoints')!;
      await element.updateComplete;
      return element;
    };
    const warnings = await warningsOf(async () => {
      await mount();
      const { overlay, maxFaces, smoothing, backend, facingMode, resolution, worker, model } = await mount();
      equal(
        JSON.stringify([overlay, maxFaces, smoothing, backend, facingMode, resolution, worker, model]),
        '["points",1,true,"auto","user","vga","auto","auto"]',
      );
    });
    equal(warnings.length, 8, `warnings, once each: ${warnings.join('; ')}`);
    for (const [wrong, valid] of [
      ['sparkles', 'contours'],
      ['maybe', 'off'],
      ['abacus', 'wasm'],
      ['sideways', 'environment'],
      ['8k', 'full-hd'],
      ['union', 'off'],
      ['"lit"', 'resnet18, lite; or the address'],
      ['"0"', 'whole number'],
    ] as const)
      assert(
        warnings.some((text) => text.includes(wrong) && text.includes(valid)),
        `${wrong}: names the value and ${valid}`,
      );
  });

  it('takes what frameworks set to properties', async () => {
    const element = document.body.appendChild(document.createElement('face-keypoints'));
    const warnings = await warningsOf(async () => {
      Object.assign(element, {
        smoothing: 'off',
        overlay: 'contours',
        maxFaces: '3',
        mirror: '',
        src: undefined,
        model: undefined,
      });
      await element.updateComplete;
      const { smoothing, overlay, maxFaces, mirror, src, model } = element;
      equal(
        JSON.stringify([smoothing, overlay, maxFaces, mirror, src, model]),
        '[false,"contours",3,true,null,null]',
      );
      for (const model of ['lite', 'auto', 'mine/model.json', './lite'])
        equal(await setModel(element, model), model, 'model');
    });
    equal(warnings.length, 0, 'warnings');
    const wrong = await warningsOf(async () => {
      Object.assign(element, { overlay: 'glitter', maxFaces: -1, smoothing: { minCutoff: -5 } });
      await element.updateComplete;
      equal(JSON.stringify([element.smoothing, element.overlay, element.maxFaces]), '[true,"points",1]');
    });
    equal(wrong.length, 3, `warnings: ${wrong.join('; ')}`);
  });

  it('takes a false that was written as text for off, as servers write it', async () => {
    document.body.innerHTML =
      '<face-keypoints camera="false" mirror="false" paused="false" threads="false"></face-keypoints>';
    const element = document.querySelector('face-keypoints')!;
    const flags = (): string =>
      JSON.stringify([element.camera, element.mirror, element.paused, element.threads]);
    equal(flags(), '[false,false,false,false]', 'attributes');
    await element.updateComplete;
    await sleep(0);
    equal(element.state, 'idle', 'state');
    for (const name of ['mirror', 'paused', 'threads'] as const) {
      for (const on of ['', 'true', name]) {
        element.setAttribute(name, on);
        equal(element[name], true, `${name}="${on}"`);
      }
      element.removeAttribute(name);
      equal(element[name], false, `without ${name}`);
    }
    Object.assign(element, { camera: 'false', mirror: 'false', paused: 'false', threads: 'false' });
    await element.updateComplete;
    equal(flags(), '[false,false,false,false]', 'properties');
  });

  it('keeps properties that were set before it was defined', async () => {
    const element = document.createElement('late-face-keypoints') as FaceKeypointsElement;
    Object.assign(element, OPTIONS, {
      model: fakeLandmarkModel(),
      source: await picture(),
      overlay: 'contours',
    });
    document.body.append(element);
    const found = next(element, 'keypoints');
    customElements.define('late-face-keypoints', class extends FaceKeypointsElement {});
    await found;
    equal(element.overlay, 'contours');
    equal(Object.hasOwn(element, 'overlay'), false, 'shadows the accessor');
  });

  it('is cloned with its attributes, not with its work', async () => {
    document.body.innerHTML = '<face-keypoints overlay="none" max-faces="2" mirror></face-keypoints>';
    const clone = document.querySelector('face-keypoints')!.cloneNode(true) as FaceKeypointsElement;
    document.body.append(clone);
    await clone.updateComplete;
    equal(JSON.stringify([clone.overlay, clone.maxFaces, clone.mirror]), '["none",2,true]');
    equal(clone.state, 'idle');
  });

  it('changes max-faces and smoothing without loading again, also for the still it shows', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const first = next(element, 'keypoints');
    document.body.append(element);
    await first;
    const { tracker } = element;
    const states: string[] = [];
    element.addEventListener('statechange', ({ detail }) => states.push(detail.state));
    const again = next(element, 'keypoints');
    element.setAttribute('max-faces', '2');
    element.smoothing = false;
    await again;
    equal(element.tracker, tracker, 'tracker');
    equal(tracker!.options.maxFaces, 2);
    equal(tracker!.options.smoothing, false);
    equal(states.join(), '', 'states');
  });

  it('goes on undisturbed when a framework says the same again with each frame, in other words', async () => {
    let model = fakeLandmarkModel();
    let minCutoff = 0.3;
    const element = createElement({ source: await picture() });
    const render = (): void =>
      void Object.assign(element, {
        model: { wasm: model, webgl: new URL('/own/model.json', location.href) },
        detector: new URL(DETECTOR, location.href),
        smoothing: { minCutoff },
        maxFaces: '2',
        assets: undefined,
      });
    render();
    let frames = 0;
    element.addEventListener('keypoints', () => {
      frames++;
      render();
    });
    document.body.append(element);
    await until(() => frames > 0, 'a frame');
    const { tracker } = element;
    await sleep(1000);
    equal(frames, 1, 'times that it looked at the still');
    equal(element.tracker, tracker, 'tracker');
    equal(tracker!.options.maxFaces, 2);
    const again = next(element, 'keypoints');
    [model, minCutoff] = [fakeLandmarkModel({ shift: 0.1 }), 0.4];
    render();
    await again;
    assert(element.tracker && element.tracker !== tracker, 'another model is loaded');
    equal(JSON.stringify(element.tracker.options.smoothing), '{"minCutoff":0.4}');
  });

  it('does not look at a still again for its smoothing', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const first = next(element, 'keypoints');
    document.body.append(element);
    await first;
    let frames = 0;
    element.addEventListener('keypoints', () => void frames++);
    const given = { minCutoff: 0.3 };
    element.smoothing = given;
    await element.updateComplete;
    equal(JSON.stringify(element.tracker!.options.smoothing), '{"minCutoff":0.3}');
    given.minCutoff = 0.4;
    element.smoothing = { ...given };
    await element.updateComplete;
    equal(
      JSON.stringify(element.tracker!.options.smoothing),
      '{"minCutoff":0.4}',
      'what was given is changed',
    );
    await sleep(500);
    equal(frames, 0, 'frames');
  });

  it('redraws only when overlay or mirror change', async () => {
    const element = createElement({ model: fakeLandmarkModel(), source: await picture() });
    const first = next(element, 'keypoints');
    document.body.append(element);
    await first;
    await element.updateComplete;
    const canvas = element.shadowRoot!.querySelector('canvas')!;
    const before = canvas.toDataURL();
    let events = 0;
    for (const type of ['keypoints', 'statechange'] as const)
      element.addEventListener(type, () => void events++);
    element.overlay = 'contours';
    await element.updateComplete;
    assert(canvas.toDataURL() !== before, 'drawn anew');
    element.mirror = true;
    await element.updateComplete;
    assert(element.shadowRoot!.querySelector('.mirrored canvas'), 'mirrored');
    equal(events, 0, 'events');
  });

  it('has the picture’s shape, mirrored or not', async () => {
    const frame = document.body.appendChild(document.createElement('div'));
    frame.style.width = '300px';
    const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 200 });
    canvas.getContext('2d')!.fillRect(0, 0, 400, 200);
    const element = createElement({ model: fakeLandmarkModel(), source: canvas });
    const seen = next(element, 'keypoints');
    frame.append(element);
    await seen;
    for (const mirror of [false, true, false]) {
      element.mirror = mirror;
      await element.updateComplete;
      for (const part of ['media', 'overlay']) {
        const { width, height } = element
          .shadowRoot!.querySelector(`[part=${part}]`)!
          .getBoundingClientRect();
        equal(`${width}x${height}`, '300x150', `${part}, mirror ${mirror}`);
      }
      equal(element.offsetHeight, 150, `height, mirror ${mirror}`);
      const box = element.shadowRoot!.querySelector('.stage > div')!;
      equal(getComputedStyle(box).transform, mirror ? 'matrix(-1, 0, 0, 1, 0, 0)' : 'none');
    }
  });

  it('starts anew only for what concerns the input in use', () => {
    const changed = (...names: string[]): Map<PropertyKey, unknown> =>
      new Map(names.map((name) => [name, null]));
    for (const name of ['facingMode', 'deviceId', 'resolution']) {
      equal(effectsOf(changed(name), 'src', 'src').camera, false, `${name}, no camera`);
      equal(effectsOf(changed(name), 'camera', 'camera').camera, true, name);
      equal(effectsOf(changed(name), 'camera', 'camera').input, false, `${name}, the same input`);
    }
    equal(effectsOf(changed('src'), 'src', 'src').input, true, 'another address');
    equal(effectsOf(changed('src'), 'camera', 'camera').input, false, 'an address, a camera in use');
    equal(effectsOf(changed('camera'), 'camera', 'src').input, true, 'camera off');
    for (const name of ['overlay', 'mirror'])
      equal(Object.values(effectsOf(changed(name), 'src', 'src')).includes(true), false, name);
    for (const name of ['model', 'detector', 'assets', 'wasmPath', 'backend', 'worker', 'threads'])
      equal(effectsOf(changed(name), 'src', 'src').models, true, name);
  });

  it('applies what changed while the models were loading', async () => {
    const tracker = fakeTracker();
    let made = (_: Tracker): void => undefined;
    const models = new Models(
      { progress: () => undefined, ready: () => undefined },
      () => new Promise((resolve) => (made = resolve)),
    );
    const loading = models.load(() => ({ maxFaces: 1 }));
    models.configure({ maxFaces: 4 });
    made(tracker);
    await loading;
    equal(JSON.stringify(tracker.configured), '[{"maxFaces":4}]');
    models.unload();
    await Promise.resolve();
    equal(tracker.closed, true, 'closed');
  });

  it('takes an address without a value for none', async () => {
    class Probe extends FaceKeypointsElement {
      get located(): string {
        return Object.keys(this.modelOptions).join();
      }
    }
    customElements.define('face-keypoints-probe', Probe);
    const element = document.createElement('face-keypoints-probe') as Probe;
    const { located } = element;
    for (const name of ['assets', 'detector', 'wasm-path']) {
      element.setAttribute(name, '');
      equal(element.located, located, `options with ${name}=""`);
      element.setAttribute(name, '/files');
      assert(element.located !== located, `options with ${name}="/files"`);
      element.removeAttribute(name);
    }
  });

  it('tells of an address that is none', async () => {
    const element = createElement({ model: 'https://[', source: await picture() });
    const failed = next(element, 'error');
    document.body.append(element);
    equal((await failed).code, 'option-invalid');
  });
});
