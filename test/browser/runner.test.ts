/** Runs that are recorded on WebGPU. */
import * as tf from '@tensorflow/tfjs-core';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import type { LandmarkOutput } from '../../sdk/src/landmarks/output.ts';
import type { FaceKeypointsError } from '../../sdk/src/errors.ts';
import { createRuntime, type Runtime } from '../../sdk/src/runtime/runtime.ts';
import { Runner } from '../../sdk/src/runtime/runner.ts';
import type { Tensor4D } from '../../sdk/src/runtime/tf.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, equal, sleep } from './support.ts';

const SIZE = 16;
const LENGTH = SIZE * SIZE;

/** Noise, other for each seed. */
const crops = (n: number, seed: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: n * LENGTH }, (_, i) => Math.sin(i * i + seed));

/** How many bind groups the device is asked for while `work` goes on. tfjs makes one an operation. */
async function bindGroupsOf(runtime: Runtime, work: () => Promise<unknown>): Promise<number> {
  const device = runtime.device!;
  const { createBindGroup } = device;
  let count = 0;
  device.createBindGroup = (descriptor) => {
    count++;
    return createBindGroup.call(device, descriptor);
  };
  try {
    await work();
  } finally {
    device.createBindGroup = createBindGroup;
  }
  return count;
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  equal(actual.length, expected.length, `${what}: values`);
  const worst = Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i]!)));
  assert(worst < 1e-5, `${what}: off by ${worst}`);
}

const all = ({ keypoints, spread, presence }: LandmarkOutput): number[] => [
  ...keypoints,
  ...spread,
  ...presence,
];

/** One operation, on more values than tfjs would see to on the processor. */
const doubled = (x: Tensor4D) => tf.reshape(tf.mul(x, 2), [-1]);
const SHAPE = [40, 40, 1] as const;
const tripled = (start: number): Float32Array => ramp(start).map((value) => 3 * value);
const ramp = (start: number): Float32Array => Float32Array.from({ length: 1600 }, (_, i) => start + (i % 40));

describe('on WebGPU', () => {
  let runtime: Runtime;
  const prepared = async (compute: (x: Tensor4D) => tf.Tensor): Promise<Runner> => {
    const runner = new Runner(runtime, { compute, shape: SHAPE });
    await runner.prepare();
    return runner;
  };
  beforeEach(async () => {
    runtime = await createRuntime({ backend: 'webgpu' });
  });

  it('shaders are compiled beside the page, all at once, and others may compute meanwhile', async function () {
    this.timeout(60_000);
    const device = runtime.device!;
    const { createComputePipeline, createComputePipelineAsync } = device;
    const compiled = { waiting: 0, aside: 0 };
    let onBegun = (): void => undefined;
    device.createComputePipeline = (descriptor) => {
      compiled.waiting++;
      return createComputePipeline.call(device, descriptor);
    };
    const aside = async (descriptor: GPUComputePipelineDescriptor) => {
      compiled.aside++;
      onBegun();
      return createComputePipelineAsync.call(device, descriptor);
    };
    device.createComputePipelineAsync = aside;
    try {
      const compute = (x: Tensor4D) => tf.reshape(tf.sqrt(tf.mul(tf.exp(x), 2)), [-1]);
      const [runner, other] = [0, 1].map(() => new Runner(runtime, { compute, shape: SHAPE }));
      const begun = new Promise<void>((resolve) => (onBegun = resolve));
      const preparing = runner!.prepare();
      await begun;
      const value = (await other!.run(ramp(1)))[0]!;
      assert(Math.abs(value - Math.sqrt(2 * Math.E)) < 1e-4, `meanwhile: ${value}`);
      await preparing;
      assert(compiled.aside >= 2 && compiled.waiting >= 2, JSON.stringify(compiled));

      compiled.waiting = 0;
      const network = await LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: SIZE }));
      assert(compiled.aside > 4, `${compiled.aside} shaders are compiled when it is loaded`);
      await network.predict(crops(1, 0), 1);
      await network.predictWithMirror(crops(1, 0), 1);
      equal(compiled.waiting, 0, 'shaders that the first runs wait for');
      network.dispose();

      // Half of it has begun to be compiled when it fails: the next one meets nothing unfinished.
      let fails = true;
      const unfit = (x: Tensor4D) => {
        const y = tf.cosh(tf.sinh(x));
        if (fails) throw new Error('not made for this');
        return tf.reshape(y, [-1]);
      };
      const first = new Runner(runtime, { compute: unfit, shape: SHAPE });
      await first.prepare();
      fails = false;
      equal((await first.run(ramp(0)))[0], 1, 'what failed before');

      const abort = new AbortController();
      device.createComputePipelineAsync = () => {
        setTimeout(() => abort.abort('enough'));
        return new Promise(() => undefined);
      };
      const compileNever = { compute: (x: Tensor4D) => tf.reshape(tf.sin(x), [-1]), shape: SHAPE };
      const never = new Runner(runtime, compileNever);
      equal(await never.prepare(abort.signal).catch((error: unknown) => error), 'enough');
      // Nor does a run wait for it.
      equal((await never.run(ramp(0)))[0], 0);
      for (const each of [runner!, other!, first, never]) each.dispose();
    } finally {
      Object.assign(device, { createComputePipeline, createComputePipelineAsync });
    }
  });

  it('a network that has run twice is given to the GPU as it was recorded, and says the same', async function () {
    this.timeout(60_000);
    const load = () => LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: SIZE }));
    const [network, plain] = [await load(), await load()];
    for (const n of [1, 2]) {
      const first = await bindGroupsOf(runtime, () => network.predict(crops(n, 1), n));
      assert(first > 3, `tfjs makes ${first} bind groups`);
      await network.predict(crops(n, 2), n);
      for (const seed of [3, 4]) {
        // What tfjs computes in between must not get the recording's memory.
        const between = Array.from({ length: 40 }, (_, i) =>
          tf.square(tf.fill([i % 2 ? LENGTH : 8 + i, n], 7)),
        );
        let said: LandmarkOutput | undefined;
        const input = crops(n, seed);
        const made = await bindGroupsOf(runtime, async () => (said = await network.predict(input, n)));
        equal(made, 0, 'bind groups of a recorded run');
        // Of the other network, one run is plain: the next count is another.
        near(all(said!), all(await plain.predict(input, n)), `${n} crops, ${seed}`);
        await plain.predict(crops(3, 0), 3);
        for (const tensor of between)
          assert(
            (await tensor.data()).every((value) => value === 49),
            'tensors keep their values',
          );
        tf.dispose(between);
      }
    }
    // Both counts are kept, and a crop on the GPU is read where it lies.
    const buffer = runtime.device!.createBuffer({
      size: LENGTH * 4,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    runtime.device!.queue.writeBuffer(buffer, 0, crops(1, 5));
    let said: LandmarkOutput | undefined;
    equal(await bindGroupsOf(runtime, async () => (said = await network.predict(buffer, 1))), 0);
    near(all(said!), all(await plain.predict(buffer, 1)), 'a crop on the GPU');
    network.dispose();
    plain.dispose();
    buffer.destroy();
  });

  it('as many must come twice in a row, and nothing is left', async () => {
    const device = runtime.device!;
    const { createBuffer } = device;
    const alive = new Map<GPUBuffer, number>();
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      const { destroy } = buffer;
      alive.set(buffer, descriptor.size);
      buffer.destroy = () => {
        alive.delete(buffer);
        return destroy.call(buffer);
      };
      return buffer;
    };
    const held = (): number => [...alive.values()].reduce((sum, size) => sum + size, 0);
    try {
      const runner = await prepared(doubled);
      const one = ramp(0);
      const two = new Float32Array([...one, ...ramp(50)]);
      const three = new Float32Array([...two, ...ramp(90)]);
      const made = (inputs: Float32Array) =>
        bindGroupsOf(runtime, () => runner.run(inputs, inputs.length / 1600));
      // tfjs keeps the memory of what it has computed for what comes next.
      for (const inputs of [one, two, three, one, two, three]) await made(inputs);
      const before = held();
      for (const inputs of [one, one, two, one, two]) await made(inputs);
      assert((await made(one)) === 0 && (await made(two)) > 0, 'two inputs have not come twice in a row');
      for (const inputs of [two, two, three, three]) await made(inputs);
      assert(held() - before > (1 + 2 + 3) * 3 * 6400, 'of each: input, product, answer');
      for (const inputs of [one, two, three]) equal(await made(inputs), 0, 'all are kept');
      runner.dispose();
      equal(held(), before, 'bytes on the GPU');
    } finally {
      device.createBuffer = createBuffer;
    }
  });

  it('recordings hold 48 MB at most: those that were used last', async function () {
    this.timeout(60_000);
    // A recording of n inputs holds 12 MB for each.
    const shape = [1000, 1000, 1] as const;
    const runner = new Runner(runtime, { compute: (x) => tf.reshape(tf.mul(x, 2), [-1]), shape });
    await runner.prepare();
    const made = (n: number) => bindGroupsOf(runtime, () => runner.run(new Float32Array(n * 1e6).fill(n), n));
    for (const n of [1, 1, 2, 2]) await made(n);
    equal((await made(1)) + (await made(2)), 0, 'one and two');
    for (const n of [3, 3]) await made(n);
    equal(await made(3), 0, 'three');
    assert((await made(2)) > 0 && (await made(1)) > 0, 'the others have gone');
    for (const n of [5, 5, 5]) assert((await made(n)) > 0, 'five are too large');
    equal(await made(3), 0, 'which leaves the others alone');
    runner.dispose();
  });

  it('what cannot be recorded is computed as before', async () => {
    const backend = tf.backend() as unknown as { endComputePassEncoder: () => void };
    let calls = 0;
    const odd = {
      'ends its pass': (x: Tensor4D) => {
        const y = doubled(x);
        backend.endComputePassEncoder();
        return tf.square(y);
      },
      'fails when recorded': (x: Tensor4D) => {
        if (++calls === 4) throw new Error('once');
        return tf.square(doubled(x));
      },
    };
    for (const [what, compute] of Object.entries(odd)) {
      calls = 0;
      const runner = await prepared(compute);
      for (const start of [0, 1, 2, 3]) {
        const inputs = ramp(start);
        near(
          await runner.run(inputs),
          inputs.map((value) => 4 * value * value),
          `what ${what}`,
        );
      }
      // tfjs submits by itself again, and from its own memory.
      near(await tf.add([1, 2], 1).data(), [2, 3], 'tfjs');
      equal(tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE'), 15);
      runner.dispose();
    }
  });

  it('what is different each time is computed each time', async () => {
    let calls = 0;
    const runner = await prepared((x) => tf.add(doubled(x), ++calls));
    const said: number[] = [];
    for (let i = 0; i < 4; i++) said.push((await runner.run(ramp(0)))[0]!);
    equal(
      String(said),
      '2,3,5,6',
      'the first call was compiled only, the fourth recorded, and its answer was another',
    );
    runner.dispose();
  });

  it('where the GPU refuses a recording, tfjs is asked again', async () => {
    const factor = tf.fill([1600], 3);
    const runner = await prepared((x) => tf.mul(tf.reshape(x, [-1]), factor));
    for (let i = 0; i < 2; i++) await runner.run(ramp(1));
    equal(
      await bindGroupsOf(runtime, async () => near(await runner.run(ramp(2)), tripled(2), 'recorded')),
      0,
    );
    const backend = tf.backend() as unknown as { tensorMap: Map<object, { resource: GPUBuffer }> };
    backend.tensorMap.get(factor.dataId)!.resource.destroy();
    assert((await bindGroupsOf(runtime, () => runner.run(ramp(3)))) > 0, 'asked in vain, but asked');
    assert((await bindGroupsOf(runtime, () => runner.run(ramp(3)))) > 0, 'and from then on');
    runner.dispose();
  });

  it('a device that is lost is told once, and leaves no rejection that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const note = (event: PromiseRejectionEvent): void => void unhandled.push(event.reason);
    window.addEventListener('unhandledrejection', note);
    try {
      const [recorded, plain] = [await prepared(doubled), await prepared(doubled)];
      for (let i = 0; i < 3; i++) await recorded.run(ramp(i));
      const asked = recorded.run(ramp(0)).catch((error: unknown) => error);
      runtime.device!.destroy();
      equal(((await asked) as FaceKeypointsError).code, 'device-lost', 'while it runs');
      await runtime.device!.lost;
      for (const runner of [recorded, plain, recorded]) {
        const reason: unknown = await runner.run(ramp(0)).catch((error: unknown) => error);
        equal((reason as FaceKeypointsError).code, 'device-lost');
      }
      for (const runner of [recorded, plain]) runner.dispose();
      await sleep(100);
      equal(unhandled.length, 0, 'unhandled rejections');
    } finally {
      window.removeEventListener('unhandledrejection', note);
    }
  });
});
