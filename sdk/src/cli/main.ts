#!/usr/bin/env node
import { constants } from 'node:os';
import { run } from './run.ts';

/** The first signal lets the picture in work end; the second one ends the process at once. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(128 + constants.signals[signal]));
}

const { stdin, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  interrupted: interrupted.signal,
});
