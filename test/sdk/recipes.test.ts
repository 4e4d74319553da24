/** docs/recipes, each run for real on a few pictures, against one run without shards. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { tmpdir } from 'node:os';
import { parseRecording, type RecordedFrame } from '../../sdk/src/index.ts';
import {
  byFile,
  cli,
  command,
  drawPictures,
  models,
  readRecord,
  root,
  temporaryFolder,
} from './cli-support.ts';

const SHARDS = 2;
/** A blank, to see that it is quoted everywhere. */
const PICTURES = 'my pictures';
const recipe = (name: string) => join(root, 'docs/recipes', name);
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

let folder: string;
let whole: RecordedFrame[];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'face-keypoints-recipes-'));
  const names = Array.from({ length: 5 }, (_, i) => `${PICTURES}/${i}.png`);
  await drawPictures(folder, names);
  // What npm makes of `bin`, with the models of this checkout.
  mkdirSync(join(folder, 'bin'));
  const bin = join(folder, 'bin/face-keypoints');
  writeFileSync(bin, `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@" ${models.map(quote).join(' ')}\n`);
  chmodSync(bin, 0o755);
  assert.equal(
    (await cli(['annotate', join(folder, PICTURES), '--out', join(folder, 'whole'), ...models])).code,
    0,
  );
  whole = relative(readRecord(join(folder, 'whole')));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Files as they are called from within the folder. */
const relative = (frames: readonly RecordedFrame[]) =>
  byFile(frames.map((frame) => ({ ...frame, file: frame.file!.slice(frame.file!.indexOf(PICTURES)) })));

function sh(args: readonly string[], env: Record<string, string>): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('sh', args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      SHARDS: String(SHARDS),
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

function union(out: string): RecordedFrame[] {
  const parts = Array.from({ length: SHARDS }, (_, i) =>
    readRecord(out, `annotations-${i + 1}-of-${SHARDS}.jsonl`),
  );
  return relative(parts.flat());
}

const outFolder = (t: TestContext) => join(temporaryFolder(t), 'the results');
const hasParallel = /GNU parallel/.test(
  spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);

test(
  'GNU parallel',
  { skip: !hasParallel && 'GNU parallel is not installed (apt install parallel)' },
  (t) => {
    const out = outFolder(t);
    const env = { FACE_KEYPOINTS: 'face-keypoints', JOBS: '2', PARALLEL: '--will-cite' };
    const { status, output } = sh([recipe('gnu-parallel.sh'), PICTURES, out, '--quiet'], env);
    assert.equal(status, 0, output);
    assert.deepEqual(union(out), whole);
    // All in one file, headers between them.
    assert.deepEqual(relative(parseRecording(readFileSync(join(out, 'all.jsonl'), 'utf8'), 'jsonl')), whole);
  },
);

test('Slurm array', (t) => {
  const out = outFolder(t);
  // One is submitted twice, as after a failure.
  for (const id of [1, 2, 2]) {
    const env = { FACE_KEYPOINTS: 'face-keypoints', SLURM_ARRAY_TASK_ID: String(id) };
    const { status, output } = sh([recipe('slurm-array.sh'), PICTURES, out, '--quiet'], env);
    assert.equal(status, 0, output);
  }
  assert.deepEqual(union(out), whole);
  const script = readFileSync(recipe('slurm-array.sh'), 'utf8');
  const [, last] = script.match(/^#SBATCH --array=1-(\d+)$/m) ?? [];
  assert.ok(script.includes(`SHARDS:=${last}}`), 'as many shards as array tasks');
});

interface Job {
  apiVersion: string;
  kind: string;
  spec: {
    completionMode: string;
    completions: number;
    parallelism: number;
    template: {
      spec: {
        restartPolicy: string;
        containers: {
          name: string;
          command: string[];
          args: string[];
          env: { name: string; value: string }[];
          volumeMounts: { name: string; mountPath: string }[];
        }[];
        volumes: { name: string }[];
      };
    };
  };
}

const yaml = existsSync(join(root, 'node_modules/yaml')) ? await import('yaml') : undefined;

test('Kubernetes Indexed Job', { skip: !yaml && 'the package yaml is not installed' }, (t) => {
  const job = yaml!.parse(readFileSync(recipe('kubernetes-indexed-job.yaml'), 'utf8')) as Job;
  assert.deepEqual([job.apiVersion, job.kind, job.spec.completionMode], ['batch/v1', 'Job', 'Indexed']);
  const { containers, volumes, restartPolicy } = job.spec.template.spec;
  // Per-index back-off wants it so.
  assert.equal(restartPolicy, 'Never');
  const [container] = containers;
  assert.equal(container.env.find(({ name }) => name === 'SHARDS')?.value, String(job.spec.completions));
  assert.deepEqual(
    container.volumeMounts.map(({ name }) => name).sort(),
    volumes.map(({ name }) => name).sort(),
  );
  // The container's own command, index by index.
  const out = outFolder(t);
  const script = container.args[0].replace('/pictures', quote(PICTURES)).replace('/results', quote(out));
  assert.notEqual(script, container.args[0]);
  assert.deepEqual(container.command, ['sh', '-c']);
  for (let index = 0; index < SHARDS; index++) {
    const { status, output } = sh(['-c', script], { JOB_COMPLETION_INDEX: String(index) });
    assert.equal(status, 0, output);
  }
  assert.deepEqual(union(out), whole);
});
