/** What a person can do, without a browser: the page's own parts around an element that only keeps what it is told. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Actions, type Parts } from '../../app/src/actions.ts';
import { Compare } from '../../app/src/compare.ts';
import { Session } from '../../app/src/session.ts';
import { loadSettings, type Settings } from '../../app/src/settings.ts';
import type { Checks } from '../../app/src/inputs/check.ts';
import { initialState, type Problem, type State } from '../../app/src/state.ts';
import { Store } from '../../app/src/store.ts';

// Node 20 has none.
if (!('navigator' in globalThis)) Reflect.set(globalThis, 'navigator', { userAgent: '', onLine: true });

class StandIn extends EventTarget {
  model: unknown = null;
  backend = 'auto';
  mirror = false;
  source: unknown = null;
  state = 'idle';
  stops = 0;
  stats = { fps: 0, detectMs: 0, landmarkMs: 0 };
  readonly updateComplete = Promise.resolve(true);
  setAttribute(): void {}
  after(): void {}
  remove(): void {}
  async start(): Promise<void> {}
  async load(): Promise<void> {}
  stop(): void {
    this.stops++;
  }
}
/** A camera's, until its track is stopped. */
class Stream extends EventTarget {
  stopped = false;
  readonly getTracks: () => (EventTarget & { getSettings(): MediaTrackSettings })[];
  readonly getVideoTracks: typeof this.getTracks;

  constructor(settings: MediaTrackSettings = {}) {
    super();
    const stop = () => (this.stopped = true);
    const track = Object.assign(new EventTarget(), { getSettings: () => settings, stop });
    this.getTracks = this.getVideoTracks = () => [track];
  }
}
const asElement = (element: StandIn) => element as unknown as Parts['element'];

/** The light is measured on a canvas, of which nothing here is drawn. */
function withCanvas<T>(run: () => T): T {
  Reflect.set(globalThis, 'document', { createElement: () => ({ getContext: () => null }) });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
}

const OWN = { modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0) };
const picture = (name: string) => new File([''], name, { type: 'image/png' });
const ownModelFiles = () => [
  new File(
    [
      JSON.stringify({
        format: 'graph-model',
        modelTopology: { node: [] },
        weightsManifest: [{ paths: ['weights.bin'], weights: [] }],
        userDefinedMetadata: { name: 'mine' },
      }),
    ],
    'model.json',
  ),
  new File([''], 'weights.bin'),
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('actions', () => {
  let element: StandIn, other: StandIn, store: Store<State>, actions: Actions;
  /** Of a model that is tried. */
  let fault: Problem | undefined;
  /** Of the last trial, which waits for `release`. */
  let trial: AbortSignal | undefined, release: Promise<void> | undefined;
  const checks: Checks = {
    shows: async ({ name, type }) => type.startsWith('image/') && !name.startsWith('torn'),
    runs: async (_, signal) => {
      trial = signal;
      await release;
      if (fault) throw Object.assign(new Error(fault.message), fault);
    },
  };

  /** A page as it is after its start. */
  function open(settings: Partial<Settings> = {}, state = new Store(initialState(loadSettings()))): void {
    store = state;
    store.set({ settings: { ...store.state.settings, ...settings } });
    element = new StandIn();
    other = new StandIn();
    const session = withCanvas(() => new Session(store, asElement(element)));
    const compare = new Compare(asElement(other), (problem) => session.failBeside(problem));
    const unused = {} as Parts;
    actions = new Actions({ ...unused, checks, store, element: asElement(element), session, compare });
  }
  beforeEach(() => {
    fault = trial = release = undefined;
    open();
  });

  /** As after a drop of a model of one's own. */
  function useOwnModel(): void {
    store.set({ model: { name: 'Your model', own: true, card: undefined } });
    element.model = OWN;
  }

  it('go back from a model of one’s own to the built-in one that was chosen', () => {
    open({ model: 'lite' });
    useOwnModel();
    actions.builtInModel();
    assert.equal(element.model, 'lite');
    assert.equal(store.state.model.name, 'lite');
  });

  it('compare a model of one’s own with the built-in one that was chosen, on the same backend', () => {
    Reflect.set(globalThis, 'MediaStream', EventTarget);
    try {
      open({ model: 'lite' });
      useOwnModel();
      element.backend = 'wasm'; // the way out of a GPU that failed
      element.source = new EventTarget();
      actions.toggleCompare();
      assert.deepEqual([other.backend, other.model], ['wasm', 'lite']);
      actions.set({ model: 'resnet18' });
      assert.equal(other.model, 'resnet18');
      assert.equal(element.model, OWN);
    } finally {
      Reflect.deleteProperty(globalThis, 'MediaStream');
    }
  });

  describe('compare on one camera after another', () => {
    let cameraFails: boolean;

    /** An own model beside the built-in one, on a camera. */
    beforeEach(async () => {
      Reflect.set(globalThis, 'MediaStream', Stream);
      cameraFails = false;
      const getUserMedia = async () => {
        if (cameraFails) throw new DOMException('stand-in', 'NotReadableError');
        return new Stream();
      };
      Reflect.set(navigator, 'mediaDevices', { getUserMedia });
      open();
      useOwnModel();
      actions.camera();
      await settled();
      actions.toggleCompare();
      assert.ok(other.source instanceof Stream);
    });
    afterEach(() => {
      Reflect.deleteProperty(navigator, 'mediaDevices');
      Reflect.deleteProperty(globalThis, 'MediaStream');
    });

    it('both follow to the next', async () => {
      const first = other.source as Stream;
      actions.set({ deviceId: 'second' });
      assert.ok(first.stopped);
      assert.notEqual(other.source, first, 'it would tell of a stream that has ended');
      await settled();
      assert.ok(other.source instanceof Stream && !other.source.stopped);
      assert.equal(other.source, element.source);
      assert.ok(store.state.comparison);
    });

    it('it ends when told in between', async () => {
      actions.set({ resolution: 'hd' });
      actions.toggleCompare();
      await settled();
      assert.equal(store.state.comparison, undefined);
      assert.equal(other.source, null);
      assert.ok(element.source instanceof Stream);
    });

    it('it ends with a camera that does not start, which is said', async () => {
      cameraFails = true;
      actions.set({ deviceId: 'busy' });
      await settled();
      assert.equal(store.state.comparison, undefined);
      assert.equal(store.state.problem?.code, 'camera-busy');
    });
  });

  it('show times and rate as medians, which a slow frame does not move', () => {
    const frame = (fps: number, detectMs: number, landmarkMs: number): void => {
      element.stats = { fps, detectMs, landmarkMs };
      const detail = { faces: [], width: 4, height: 3, timestamp: 0 };
      element.dispatchEvent(new CustomEvent('keypoints', { detail }));
    };
    frame(30, 20, 10);
    for (let i = 0; i < 4; i++) frame(30, 0, 10);
    frame(2, 0, 400);
    const { fps, detectMs, landmarkMs, totalMs } = store.state.live;
    assert.deepEqual([fps, detectMs, landmarkMs, totalMs], [30, 20, 10, 10]);
    for (let i = 0; i < 40; i++) frame(30, 0, 10);
    assert.equal(store.state.live.detectMs, 20, 'when the detector ran last');
    frame(30, 60, 10);
    assert.equal(store.state.live.detectMs, 60);
    element.stop();
    actions.stop();
    frame(5, 0, 7);
    assert.deepEqual([store.state.live.totalMs, store.state.live.detectMs], [7, 0], 'of another input');
  });

  describe('with two cameras, of which the browser takes the second', () => {
    let asked: number;
    beforeEach(async () => {
      Reflect.set(globalThis, 'MediaStream', Stream);
      const ids = ['back', 'front'];
      const getUserMedia = async ({ video }: { video: { deviceId?: { exact: string } } }) => {
        asked++;
        const deviceId = video.deviceId?.exact ?? 'front';
        if (!ids.includes(deviceId)) throw new DOMException('stand-in', 'OverconstrainedError');
        const facingMode = deviceId === 'back' ? 'environment' : 'user';
        return new Stream({ deviceId, facingMode });
      };
      const enumerateDevices = async () =>
        ids.map((deviceId) => ({ kind: 'videoinput', deviceId, label: deviceId }));
      Reflect.set(navigator, 'mediaDevices', { getUserMedia, enumerateDevices });
      asked = 0;
      actions.camera();
      await settled();
    });
    afterEach(() => {
      Reflect.deleteProperty(navigator, 'mediaDevices');
      Reflect.deleteProperty(globalThis, 'MediaStream');
    });
    const runs = () => (element.source as Stream).getVideoTracks()[0].getSettings().deviceId;
    async function choose(patch: Partial<Settings>): Promise<void> {
      actions.set(patch);
      await settled();
    }

    it('say which one runs, so that the other can be chosen', async () => {
      assert.equal(store.state.cameraId, 'front');
      await choose({ deviceId: 'back' });
      assert.deepEqual([runs(), store.state.cameraId], ['back', 'back']);
      actions.flip();
      await settled();
      assert.deepEqual([runs(), store.state.cameraId], ['front', 'front']);
    });

    it('take the one that was kept and was gone, once it is chosen again', async () => {
      open({ deviceId: 'gone' });
      actions.camera();
      await settled();
      assert.deepEqual([runs(), store.state.cameraId], ['front', 'front']);
      const before = asked;
      await choose({ overlay: 'mesh' });
      assert.equal(asked, before, 'another setting is no other camera');
      await choose({ deviceId: 'gone' });
      assert.ok(asked > before, 'it may be back');
    });

    it('keep Mirror as the person wants it, in another size and on another camera', async () => {
      const { mirror } = store.state;
      assert.equal(mirror, true);
      actions.toggleMirror();
      await choose({ resolution: 'hd' });
      assert.deepEqual([store.state.mirror, element.mirror], [false, false]);
      await choose({ deviceId: 'back' });
      await choose({ deviceId: 'front' });
      assert.equal(store.state.mirror, false);
      actions.toggleMirror();
      await choose({ deviceId: 'back' });
      assert.equal(store.state.mirror, false, 'one that looks away, as usual');
      actions.toggleMirror();
      await choose({ resolution: 'vga' });
      assert.equal(store.state.mirror, true);
    });

    it('mirror no picture because of a camera, nor a camera because of a picture', async () => {
      actions.example();
      await settled();
      assert.equal(store.state.mirror, false);
      actions.toggleMirror();
      await choose({ deviceId: 'back' });
      actions.camera();
      await settled();
      assert.equal(store.state.mirror, false);
    });
  });

  describe('tell why a camera ended by itself', () => {
    let stream: Stream, permission: string;
    beforeEach(async () => {
      Reflect.set(globalThis, 'MediaStream', Stream);
      Reflect.set(navigator, 'mediaDevices', { getUserMedia: async () => (stream = new Stream()) });
      Reflect.set(navigator, 'permissions', { query: async () => ({ state: permission }) });
      permission = 'granted';
      useOwnModel();
      actions.camera();
      await settled();
      store.set({ phase: 'running' });
    });
    afterEach(() => {
      for (const name of ['permissions', 'mediaDevices']) Reflect.deleteProperty(navigator, name);
      Reflect.deleteProperty(globalThis, 'MediaStream');
    });
    const end = () => stream.getVideoTracks()[0].dispatchEvent(new Event('ended'));
    /** As an element complains of a stream that ends under it. */
    const complain = (detail: Problem) => other.dispatchEvent(new CustomEvent('error', { detail }));

    it('it was unplugged', async () => {
      end();
      assert.equal(element.source, null, 'it would complain too');
      await settled();
      assert.equal(store.state.problem?.code, 'camera-missing');
    });

    it('its permission was withdrawn, also where two models are compared', async () => {
      actions.toggleCompare();
      permission = 'denied';
      end();
      complain({ code: 'input-invalid', message: 'The stream has ended' });
      await settled();
      assert.equal(store.state.problem?.code, 'camera-denied');
      assert.equal(store.state.comparison, undefined);
    });

    it('nothing is told where another has been started meanwhile', async () => {
      const first = stream;
      first.getVideoTracks()[0].dispatchEvent(new Event('ended'));
      actions.camera();
      await settled();
      assert.equal(store.state.problem, undefined);
      assert.ok(element.source === stream && stream !== first);
    });

    it('a second model that fails is told too', async () => {
      actions.toggleCompare();
      complain({ code: 'model-missing', message: 'as a test' });
      await settled();
      assert.equal(store.state.problem?.code, 'model-missing');
    });
  });

  describe('while a model is tried', () => {
    let go: () => void;
    beforeEach(async () => {
      Reflect.set(globalThis, 'MediaStream', Stream);
      Reflect.set(navigator, 'mediaDevices', { getUserMedia: async () => new Stream() });
      actions.camera();
      await settled();
      release = new Promise((resolve) => (go = resolve));
      actions.open(ownModelFiles());
      await settled();
      assert.ok(store.state.trying && trial && !trial.aborted);
    });
    afterEach(() => {
      Reflect.deleteProperty(navigator, 'mediaDevices');
      Reflect.deleteProperty(globalThis, 'MediaStream');
    });

    it('another camera or size does not end the trial', async () => {
      actions.set({ deviceId: 'second' });
      actions.set({ resolution: 'hd' });
      await settled();
      assert.ok(store.state.trying && !trial!.aborted);
      go();
      await settled();
      await settled();
      assert.equal(store.state.model.name, 'mine');
      assert.equal(store.state.trying, false);
    });

    for (const [name, ask] of Object.entries<() => void>({
      Stop: () => actions.stop(),
      Camera: () => actions.camera(),
      Example: () => actions.example(),
      Back: () => actions.back(),
      'the built-in model': () => actions.builtInModel(),
    })) {
      it(`${name} ends it, at once and for good`, async () => {
        ask();
        assert.ok(trial!.aborted);
        assert.equal(store.state.trying, false);
        go();
        await settled();
        await settled();
        assert.equal(store.state.model.own, false);
        assert.equal(store.state.remark, undefined);
      });
    }
  });

  for (const [name, ask] of Object.entries<() => void>({
    Camera: () => actions.camera(),
    Example: () => actions.example(),
  })) {
    it(`leave a batch alone on ${name}; Back leads to it`, async () => {
      const batch = { items: [], running: true, progress: undefined };
      store.set({ batch });
      ask();
      await settled();
      assert.equal(store.state.batch, batch);
      assert.notEqual(store.state.input.kind, 'none');
      store.set({ comparison: { ms: 0, difference: undefined } });
      actions.back();
      const { input, comparison } = store.state;
      assert.equal(store.state.batch, batch);
      assert.deepEqual([input.kind, comparison], ['none', undefined]);
      actions.stop();
      assert.equal(store.state.batch, undefined, 'closed by its own button');
    });
  }

  describe('while something is open', () => {
    const json = new File(['{}'], 'model.json', { type: 'application/json' });
    const WRONG: Record<string, [code: string, files: File[]]> = {
      'nothing to open': ['folder-empty', []],
      'no picture': ['input-invalid', [new File([''], 'notes.txt', { type: 'text/plain' })]],
      'many files, none a picture': ['inputs-invalid', [picture('torn.png'), picture('torn too.png')]],
      'weights alone': ['model-incomplete', [new File([''], 'weights.bin')]],
      'a model that is none': ['model-unsupported', [json, new File([''], 'weights.bin')]],
    };
    for (const [name, [code, files]] of Object.entries(WRONG)) {
      it(`${name} ends nothing, and is remarked on`, async () => {
        useOwnModel();
        store.set({ input: { kind: 'camera' }, phase: 'running' });
        const { stops } = element;
        actions.open(files);
        await settled();
        const { input, phase, problem, model, trying } = store.state;
        assert.deepEqual(
          { input, phase, problem },
          { input: { kind: 'camera' }, phase: 'running', problem: undefined },
        );
        assert.equal(store.state.remark?.code, code);
        assert.equal(store.state.remark?.file, code === 'input-invalid' ? files[0].name : undefined);
        assert.equal(element.stops, stops);
        assert.ok(model.own && element.model === OWN);
        assert.equal(trying, false);
        actions.dismiss();
        assert.equal(store.state.remark, undefined);
      });
    }

    it('a model that does not run gives way to the one before it', async () => {
      useOwnModel();
      store.set({ input: { kind: 'example' }, phase: 'running' });
      fault = { code: 'model-unsupported', message: 'as a test' };
      actions.open(ownModelFiles());
      assert.equal(store.state.trying, true);
      await settled();
      assert.deepEqual(store.state.remark, fault);
      assert.ok(element.model === OWN);
      fault = undefined;
      actions.open(ownModelFiles());
      await settled();
      await settled();
      assert.equal(store.state.remark, undefined);
      assert.notEqual(element.model, OWN, 'one that runs takes its place');
      assert.equal(store.state.model.name, 'mine');
    });

    it('a batch stays for files that do not open, and gives way to a picture', async () => {
      store.set({ batch: { items: [], running: false, progress: undefined } });
      actions.open([picture('torn.png')]);
      await settled();
      assert.ok(store.state.batch);
      actions.open([picture('a.png')]);
      await settled();
      assert.equal(store.state.batch, undefined);
      assert.equal(store.state.input.kind, 'file');
    });

    it('a batch stays for a model of one’s own, which is shown beside it', async () => {
      const batch = { items: [], running: false, progress: undefined };
      store.set({ batch });
      actions.open(ownModelFiles());
      await settled();
      await settled();
      assert.equal(store.state.batch, batch);
      assert.equal(store.state.model.name, 'mine');
      assert.equal(store.state.input.kind, 'example');
    });

    it('the same wrong file again is remarked on again', async () => {
      store.set({ input: { kind: 'camera' }, phase: 'running' });
      const seen: (Problem | undefined)[] = [];
      store.subscribe(({ remark }) => seen.push(remark));
      for (let i = 0; i < 2; i++) {
        actions.open(WRONG['no picture'][1]);
        await settled();
      }
      const first = seen.findIndex((remark) => remark);
      const gone = seen.findIndex((remark, i) => i > first && !remark);
      assert.ok(first >= 0 && gone > first && seen.slice(gone).some((remark) => remark));
    });

    it('what does not open says so in a message where what was open has ended meanwhile', async () => {
      store.set({ input: { kind: 'camera' }, phase: 'running' });
      actions.open([picture('torn.png')]);
      store.set({ problem: { code: 'camera-busy', message: 'as a test' }, phase: 'idle' });
      await settled();
      assert.equal(store.state.remark, undefined);
      assert.equal(store.state.problem?.code, 'input-invalid');
    });

    it('a batch stays beside a message too, and another message says what does not open', async () => {
      store.set({ batch: { items: [], running: false, progress: undefined } });
      store.set({ input: { kind: 'camera' }, problem: { code: 'camera-denied', message: 'as a test' } });
      for (const [code, files] of Object.values(WRONG)) {
        actions.open(files);
        await settled();
        assert.notEqual(store.state.batch, undefined);
        assert.equal(store.state.problem?.code, code);
      }
    });

    it('a picture is not opened any more once something else was asked for', async () => {
      store.set({ input: { kind: 'example' }, phase: 'running' });
      actions.open([picture('a.png')]);
      actions.stop();
      await settled();
      assert.equal(store.state.input.kind, 'none');
    });
  });

  it('show the message for it where nothing runs', () => {
    actions.open([]);
    assert.equal(store.state.problem?.code, 'folder-empty');
    assert.equal(store.state.remark, undefined);
  });

  it('a batch that fails beside the camera leaves it on', async () => {
    element.model = 'http://127.0.0.1:9/model.json';
    actions.open([picture('a.png'), picture('b.png')]);
    store.set({ input: { kind: 'camera' }, phase: 'running' });
    while (!store.state.remark && !store.state.problem) await settled();
    const { batch, input, phase, problem } = store.state;
    assert.deepEqual([batch, input.kind, phase, problem], [undefined, 'camera', 'running', undefined]);
  });

  it('leave a batch alone that began while another was failing', async () => {
    const [first, second] = [
      ['a.png', 'b.png'],
      ['c.png', 'd.png'],
    ].map((names) => names.map(picture));
    const failed: string[][] = [];
    /** Opens the second batch at the last word of the first. */
    class Meddling extends Store<State> {
      override set(patch: Partial<State>): void {
        super.set(patch);
        const { batch, problem } = patch;
        const names = (batch ?? this.state.batch)?.items.map(({ file }) => file.name);
        if (batch && !batch.running && names?.[0] === 'a.png') {
          // With nothing open they are not looked at first: it has to be in this very moment.
          super.set({ batch: undefined });
          actions.open(second);
        }
        if (problem) failed.push(names ?? []);
      }
    }
    open({}, new Meddling(initialState(loadSettings())));
    element.model = 'http://127.0.0.1:9/model.json';
    actions.open(first);
    while (failed.length === 0) await settled();
    for (let i = 0; i < 5; i++) await settled();
    assert.equal(failed.length, 1, 'the first had its say too');
    actions.help();
    assert.deepEqual(
      store.state.batch?.items.map(({ file }) => file.name),
      ['c.png', 'd.png'],
    );
  });
});
