import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LandmarkNetwork } from '../../sdk/src/landmarks/network.ts';
import { foldConvolutions } from '../../sdk/src/landmarks/fold.ts';
import { prepareGraph } from '../../sdk/src/runtime/prepare-graph.ts';
import { isNonNegative, withIntegerConvolutions } from '../../sdk/src/runtime/integer/graph.ts';
import { createRuntime, type Runtime } from '../../sdk/src/runtime/runtime.ts';
import { loadModelArtifacts } from '../../sdk/src/runtime/model-store.ts';
import type { ModelArtifacts } from '../../sdk/src/runtime/tf.ts';

const ops = ({ modelTopology }: ModelArtifacts): string[] =>
  (modelTopology as { node: { op: string }[] }).node.map(({ op }) => op);
const ours = (artifacts: ModelArtifacts): number =>
  ops(artifacts).filter((op) => op.startsWith('IntegerConvolution')).length;

const readModel = (name: 'lite' | 'resnet18'): Promise<ModelArtifacts> =>
  loadModelArtifacts(new URL(`../../public/models/${name}/model.json`, import.meta.url));

// Node 20 has relaxed SIMD behind a flag, and its baseline compiler (Liftoff) computes it wrongly.
for (const flag of ['--experimental-wasm-relaxed-simd', '--no-liftoff']) setFlagsFromString(flag);

/** Something to look at. */
const crop = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => Math.sin(i * 0.01) + Math.cos((i % size) * 0.1));

/** As where WebAssembly has no relaxed SIMD: the second module is not valid. */
function withoutRelaxedSimd(t: TestContext): void {
  const { validate } = WebAssembly;
  t.after(() => (WebAssembly.validate = validate));
  let asked = 0;
  WebAssembly.validate = (code) => asked++ % 2 === 0 && validate(code);
}

// On faces, activations of 7 bits move points a tenth of this (val NME by 0.002 and 0.004 points).
for (const [kernels, near] of [
  ['both kernels', 1e-2],
  ['the one of 16 bits', 1e-4],
] as const) {
  test(`the published networks give the same by ${kernels}, and tfjs holds none of their weights`, async (t) => {
    if (near === 1e-4) withoutRelaxedSimd(t);
    const runtime = await createRuntime({ backend: 'wasm' });
    for (const name of ['lite', 'resnet18'] as const) {
      const model = await readModel(name);
      const { inputSize } = model.userDefinedMetadata as { inputSize: number };
      const before = runtime.tf.memory().numBytes;
      const integers = await LandmarkNetwork.load(runtime, model);
      const held = runtime.tf.memory().numBytes - before;
      const floats = await LandmarkNetwork.load({ ...runtime, run: runtime.run, backend: 'webgl' }, model);
      assert.ok(held < 0.2 * (runtime.tf.memory().numBytes - before), `${held} bytes`);

      const x = crop(inputSize);
      const [a, b] = [await integers.predict(x, 1), await floats.predict(x, 1)];
      const off = a.keypoints.map((value, i) => Math.abs(value - b.keypoints[i]));
      const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
      assert.ok(mean < near, `${name}: ${mean}`);
      if (kernels === 'both kernels') assert.ok(mean > 1e-4, 'activations of 7 bits are seen');
      assert.ok(new Set(a.keypoints).size > 100, 'it looks at something');
      for (const network of [integers, floats]) network.dispose();
      assert.equal(runtime.tf.memory().numBytes, before, 'nothing is left');
    }
  });
}

test('of inputs that are nowhere below zero only those count that the graph tells of', () => {
  const node = (name: string, op: string, input: string[], last?: string) => ({
    name,
    op,
    input,
    attr: last === undefined ? {} : { fused_ops: { list: { s: ['Qmlhc0FkZA==', last] } } },
  });
  const nodes = new Map(
    [
      node('crop', 'Placeholder', []),
      node('sum', 'AddV2', ['crop', 'crop']),
      node('relu', 'Relu', ['sum:0']),
      node('pool', 'MaxPool', ['relu']),
      node('larger', 'ResizeNearestNeighbor', ['pool']),
      node('pool of signs', 'MaxPool', ['sum']),
      node('plain', '_FusedConv2D', ['relu', 'k', 'b']),
      node('fused', '_FusedConv2D', ['crop', 'k', 'b'], 'UmVsdQ=='),
      node('elu', '_FusedConv2D', ['crop', 'k', 'b'], btoa('Elu')),
    ].map((each) => [each.name, each]),
  );
  const told = [...nodes.keys(), 'unknown', undefined].filter((name) => isNonNegative(name, nodes));
  assert.deepEqual(told, ['relu', 'pool', 'larger', 'fused']);
});

test('every convolution is ours where tfjs would be on the processor, and none on a GPU', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const folded = foldConvolutions(await readModel('lite'));
  const convolutions = ops(folded).filter((op) => op === '_FusedConv2D').length;
  assert.ok(convolutions > 20);
  const { artifacts, release } = await withIntegerConvolutions(runtime, folded);
  assert.equal(ours(artifacts), convolutions);
  release();
  const onGpu = await prepareGraph({ ...runtime, backend: 'webgpu' } as Runtime, folded);
  assert.equal(onGpu.artifacts, folded);
});

test('with threads tfjs keeps its convolutions where there is no relaxed SIMD', async (t) => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const folded = foldConvolutions(await readModel('lite'));
  const threads = runtime.tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT');
  t.after(() => runtime.tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads));
  runtime.tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  const { artifacts, release } = await withIntegerConvolutions(runtime, folded);
  release();
  assert.ok(ours(artifacts) > 20, 'by the faster kernel they are ours');
  withoutRelaxedSimd(t);
  assert.equal((await withIntegerConvolutions(runtime, folded)).artifacts, folded);
});

test('a convolution that the kernel does not do stays with tfjs', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  type Attributes = Record<string, { list?: { i?: string[] }; s?: string }>;
  const changes: [string, (attr: Attributes) => void][] = [
    ['dilated', (attr) => (attr['dilations'] = { list: { i: ['1', '2', '2', '1'] } })],
    ['without padding', (attr) => (attr['padding'] = { s: btoa('VALID') })],
    ['without a word on dilation', (attr) => delete attr['dilations']],
    ['of uneven strides', (attr) => (attr['strides'] = { list: { i: ['1', '2', '1', '1'] } })],
  ];
  for (const [name, change] of changes) {
    const folded = structuredClone(foldConvolutions(await readModel('lite')));
    const { node } = folded.modelTopology as { node: { op: string; attr: Attributes }[] };
    const all = node.filter(({ op }) => op === '_FusedConv2D');
    change(all[0].attr);
    const { artifacts, release } = await withIntegerConvolutions(runtime, folded);
    assert.equal(ours(artifacts), all.length - 1, name);
    release();
  }
});

test('a constant that others read as well stays, and a bias that is no value for each filter is not ours', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const folded = structuredClone(foldConvolutions(await readModel('lite')));
  const { node } = folded.modelTopology as { node: { name: string; op: string; input?: string[] }[] };
  const [first, second] = node.filter(({ op }) => op === '_FusedConv2D');
  // The bias of the first has another number of values than the second needs.
  const other = node.filter(({ op }) => op === '_FusedConv2D').at(-1)!;
  other.input![2] = first.input![2];
  const all = ours(
    (await withIntegerConvolutions(runtime, foldConvolutions(await readModel('lite')))).artifacts,
  );
  const { artifacts, release } = await withIntegerConvolutions(runtime, folded);
  assert.equal(ours(artifacts), all - 1);
  const names = artifacts.weightSpecs!.map(({ name }) => name);
  assert.ok(names.includes(first.input![2]), 'still read');
  assert.ok(!names.includes(second.input![2]));
  release();
});

test('weights of many levels stay with tfjs, as they are', async () => {
  const runtime = await createRuntime({ backend: 'wasm' });
  const folded = foldConvolutions(await readModel('lite'));
  const noisy = structuredClone(folded);
  const floats = new Float32Array(noisy.weightData as ArrayBuffer);
  floats.forEach((value, i) => (floats[i] = value * (1 + 0.1 * Math.sin(i))));
  assert.equal((await withIntegerConvolutions(runtime, noisy)).artifacts, noisy);
});

test('nothing keeps the float weights, which are four times as large', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** What is let go of may take a collection or two to be gone. */
  const held = async (): Promise<number> => {
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process.memoryUsage().arrayBuffers;
  };
  const runtime = await createRuntime({ backend: 'wasm' });
  const model = await readModel('resnet18');
  const before = await held();
  const network = await LandmarkNetwork.load(runtime, model);
  // Those of 8 bits are 12 MB.
  const more = (await held()) - before;
  assert.ok(more < 25e6, `${more} bytes`);
  network.dispose();
});
