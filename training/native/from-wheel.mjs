import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, SetupError } from './steps.mjs';

const WHEEL = { cpu: 'tensorflow-cpu==2.21.0', gpu: 'tensorflow[and-cuda]==2.21.0' };

/** Takes the C headers and libraries, and CUDA's where there are any, out of the wheels in a folder. */
const UNPACK = `
import glob, sys, zipfile
wheels, target = sys.argv[1:]
for wheel in glob.glob(wheels + '/*.whl'):
    with zipfile.ZipFile(wheel) as z:
        z.extractall(target, [n for n in z.namelist() if n.startswith(('tensorflow/include/', 'nvidia/'))
                              or 'libtensorflow_cc.so' in n or 'libtensorflow_framework.so' in n])
`;

/**
 * Builds the addon of tfjs-node against the libtensorflow inside TensorFlow's Python wheel.
 * Nothing of it runs Python afterwards; the libraries stay in `cache`, which the addon links to.
 * @param {{ addon: string, cache: string, gpu: boolean, log: (line: string) => void }} options
 * `addon`: folder of the installed package, without its library
 * @throws SetupError when a tool is missing or a step fails
 */
export async function buildFromWheel({ addon, cache, gpu, log }) {
  if (process.platform !== 'linux') {
    throw new SetupError(
      'building against the Python wheel is written for Linux only; train with --engine wasm',
    );
  }
  await needTools();
  const tensorflow = await unpackedWheel(join(cache, gpu ? 'gpu' : 'cpu'), WHEEL[gpu ? 'gpu' : 'cpu'], log);
  linkLibraries(addon, tensorflow);
  log('compiling the addon (about half a minute) …');
  await runProgram('npx', ['--no-install', 'node-pre-gyp', 'install', '--build-from-source'], { cwd: addon });
}

async function needTools() {
  const needs = [
    ['python3', ['-m', 'pip', '--version'], 'python3 with pip (Debian: apt install python3-pip)'],
    ['make', ['--version'], 'make (Debian: apt install build-essential)'],
    [process.env.CXX ?? 'g++', ['--version'], 'a C++ compiler (Debian: apt install build-essential)'],
  ];
  const missing = [];
  for (const [program, args, name] of needs) {
    await runProgram(program, args, { seconds: 60 }).catch(() => missing.push(name));
  }
  if (missing.length > 0) throw new SetupError(`missing: ${missing.join('; ')}`);
}

/** @returns the folder `tensorflow` of the wheel, downloaded once */
async function unpackedWheel(folder, wheel, log) {
  const ready = join(folder, 'ready');
  if (!existsSync(ready)) {
    const wheels = join(folder, 'wheels');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(wheels, { recursive: true });
    log(`downloading ${wheel} with pip (hundreds of megabytes) …`);
    const dependencies = wheel.includes('[') ? [] : ['--no-deps'];
    await runProgram('python3', [
      ...['-m', 'pip', 'download', '--only-binary=:all:', ...dependencies],
      // Only the libraries inside are used, so any Python that has a wheel will do.
      ...['--python-version', '3.12', '--implementation', 'cp'],
      ...['-d', wheels, wheel],
    ]);
    log('unpacking its libraries and headers …');
    await runProgram('python3', ['-c', UNPACK, wheels, folder]);
    rmSync(wheels, { recursive: true });
    if (!existsSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'))) {
      throw new SetupError(`${wheel} holds no libtensorflow_cc.so.2`);
    }
    writeFileSync(ready, '');
  }
  return join(folder, 'tensorflow');
}

/** Puts links where the addon's build looks for libtensorflow; CUDA's go where the library looks for them. */
function linkLibraries(addon, tensorflow) {
  const deps = join(addon, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  symlinkSync(join(tensorflow, 'include'), join(deps, 'include'));
  const library = (name) => join(tensorflow, name);
  for (const name of readdirSync(tensorflow).filter((name) => name.startsWith('libtensorflow_'))) {
    symlinkSync(library(name), join(deps, 'lib', name));
  }
  const cc = library('libtensorflow_cc.so.2');
  symlinkSync(cc, join(deps, 'lib', 'libtensorflow.so'));
  symlinkSync(cc, join(deps, 'lib', 'libtensorflow.so.2'));
  symlinkSync(library('libtensorflow_framework.so.2'), join(deps, 'lib', 'libtensorflow_framework.so'));
  const cuda = join(tensorflow, '..', 'nvidia');
  if (existsSync(cuda)) symlinkSync(cuda, join(deps, 'nvidia'));
}
