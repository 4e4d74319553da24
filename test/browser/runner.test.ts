/** Runs that are recorded on WebGPU. */
import * as tf from '@tensorflow/tfjs-core';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import type { LandmarkOutput } from '../../sdk/src/landmarks/output.ts';
import { createRuntime, type Runtime } from '../../sdk/src/runtime/runtime.ts';
import { Runner } from '../../sdk/src/runtime/runner.ts';
import type { Tensor4D } from '../../sdk/src/runtime/tf.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, equal } from './support.ts';

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
const ramp = (start: number): Float32Array => Float32Array.from({ length: 1600 }, (_, i) => start + (i % 40));

describe('on WebGPU', () => {
  let runtime: Runtime;
  beforeEach(async () => {
    runtime = await createRuntime({ backend: 'webgpu' });
  });

  it('shaders are compiled beside the page, all at once, and others may compute meanwhile', async function () {
    this.timeout(60_000);
    const device = runtime.device!;
    const { createComputePipeline, createComputePipelineAsync } = device;
    const compiled = { waiting: 0, aside: 0 };
    device.createComputePipeline = (descriptor) => {
      compiled.waiting++;
      return createComputePipeline.call(device, descriptor);
    };
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    device.createComputePipelineAsync = async (descriptor) => {
      compiled.aside++;
      begun();
      return createComputePipelineAsync.call(device, descriptor);
    };
    try {
      const compute = (x: Tensor4D) => tf.reshape(tf.sqrt(tf.mul(tf.exp(x), 2)), [-1]);
      const [runner, other] = [compute, compute].map((compute) => new Runner(runtime, compute, SHAPE));
      const preparing = runner!.prepare();
      await first;
      const value = (await other!.run(ramp(1)))[0]!;
      assert(Math.abs(value - Math.sqrt(2 * Math.E)) < 1e-4, `meanwhile: ${value}`);
      await preparing;
      assert(compiled.aside >= 2 && compiled.waiting >= 2, JSON.stringify(compiled));

      compiled.waiting = 0;
      const network = await LandmarkNetwork.load(runtime, fakeLandmarkModel({ size: SIZE }));
      assert(compiled.aside > 4, `${compiled.aside} shaders are compiled when it is loaded`);
      await network.predict(crops(1, 0), 1);
      equal(compiled.waiting, 0, 'shaders that the first run waits for');
      network.dispose();

      const abort = new AbortController();
      device.createComputePipelineAsync = () => new Promise(() => undefined);
      const never = new Runner(runtime, (x) => tf.sin(x), SHAPE);
      const reason = never.prepare(abort.signal).catch((error: unknown) => error);
      abort.abort('enough');
      equal(await reason, 'enough');
      // Nor does a run wait for it.
      equal((await never.run(ramp(0)))[0], 0);
      for (const each of [runner!, other!, never]) each.dispose();
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

  it('two recordings are kept, those used last, and tfjs gets its memory back', async () => {
    const held = (): unknown => {
      const { numTensors, numBytes, ...rest } = tf.memory() as unknown as Record<string, number>;
      return JSON.stringify([numTensors, numBytes, rest['numBytesInGPU']]);
    };
    const before = held();
    const runner = new Runner(runtime, doubled, SHAPE);
    const two = new Float32Array([...ramp(0), ...ramp(50)]);
    const three = new Float32Array([...two, ...ramp(90)]);
    const made = (inputs: Float32Array) =>
      bindGroupsOf(runtime, () => runner.run(inputs, inputs.length / 1600));
    for (const inputs of [ramp(0), ramp(0), two, two, ramp(0), three, three]) await made(inputs);
    equal(await made(ramp(1)), 0, 'one input');
    equal(await made(three), 0, 'three inputs');
    assert((await made(two)) > 0, 'two inputs were asked for longest ago');
    runner.dispose();
    equal(held(), before, 'tensors, their bytes and those on the GPU');
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
        if (++calls === 3) throw new Error('once');
        return tf.square(doubled(x));
      },
    };
    for (const [what, compute] of Object.entries(odd)) {
      const runner = new Runner(runtime, compute, SHAPE);
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
    const runner = new Runner(runtime, (x) => tf.add(doubled(x), ++calls), SHAPE);
    const said: number[] = [];
    for (let i = 0; i < 4; i++) said.push((await runner.run(ramp(0)))[0]!);
    equal(String(said), '1,2,4,5', 'the third call was the recording, whose answer was another');
    runner.dispose();
  });
});
