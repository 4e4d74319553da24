/**
 * Installs TensorFlow for Node, the fastest training engine, into this folder.
 * First as the package installs itself; where its download of libtensorflow fails, against TensorFlow's Python wheel.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFromWheel } from './from-wheel.mjs';
import { runNpm, runProgram, SetupError } from './steps.mjs';

const VERSION = '4.22.0';
const USAGE = `npm run setup:native [-- --gpu]
  Installs TensorFlow for Node, the fastest training engine: 6 to 21 times as fast as wasm.
  --gpu  for NVIDIA cards (untested)`;
/** Seconds for the package's own installation. */
const PATIENCE = 300;

const here = fileURLToPath(new URL('.', import.meta.url));
const log = (line) => console.log(`setup:native: ${line}`);

async function main(args) {
  if (args.includes('--help')) return console.log(USAGE);
  const unknown = args.filter((arg) => arg !== '--gpu');
  if (unknown.length > 0) throw new SetupError(`unknown option ${unknown[0]}; the only one is --gpu`);
  const gpu = args.includes('--gpu');
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const addon = join(here, 'node_modules', name);
  if (gpu) log('the GPU build is untested: report what happens');

  if (!existsSync(addon)) {
    log(`installing ${name} ${VERSION} …`);
    // Scripts are run below, since some versions of npm hold them back.
    await runNpm(
      [
        'install',
        '--no-save',
        '--no-package-lock',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        `${name}@${VERSION}`,
      ],
      { cwd: here },
    );
  }
  let description = await check(name).catch(() => undefined);
  if (!description) {
    log('fetching libtensorflow as the package does …');
    try {
      await runNpm(['run', 'install'], { cwd: addon, seconds: PATIENCE });
      description = await check(name);
    } catch (error) {
      log(`that failed (${reason(error)}); building against the Python wheel instead`);
      await buildFromWheel({ addon, cache: join(here, '.cache'), gpu, log });
      description = await check(name);
    }
  }
  log(`ready: ${description}. Training now uses it.`);
}

/** Multiplies two matrices in a process of its own. */
async function check(name) {
  const code = `
    const tf = require(${JSON.stringify(name)});
    tf.ready().then(() => {
      const [sum] = tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).sum().dataSync();
      if (sum !== 512) throw new Error('a product of matrices is wrong: ' + sum);
      console.log('CHECKED ' + tf.version_core + ' on ' + tf.getBackend());
    });`;
  const output = await runProgram(process.execPath, ['-e', code], {
    cwd: here,
    seconds: 120,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  const line = output.split('\n').find((line) => line.startsWith('CHECKED '));
  if (!line) throw new SetupError(`${name} says nothing`);
  return `${name} ${line.slice(8)}`;
}

/** The most telling line of an error. */
function reason(error) {
  const lines = String(error.message).split('\n');
  return (
    lines.find((line) => /ENOTFOUND|ECONN|EAI_AGAIN|getaddrinfo|status|Error:/.test(line)) ?? lines[0]
  ).trim();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`setup:native: ${error instanceof SetupError ? error.message : error.stack}`);
  console.error('setup:native: training still works on the wasm engine.');
  process.exitCode = 1;
});
