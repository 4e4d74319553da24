import { spawn } from 'node:child_process';

/** A step that did not work; the message says what failed and what would mend it. */
export class SetupError extends Error {}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, seconds?: number, env?: NodeJS.ProcessEnv }} options `seconds`: ended then, children and all
 * @returns {Promise<string>} what it wrote
 * @throws SetupError when it is missing, fails (with the last lines it wrote) or takes too long
 */
export function runProgram(program, args, { cwd, seconds = 1800, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const collect = (chunk) => (output += chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, seconds * 1000);
    process.once('exit', end);
    const settle = () => {
      clearTimeout(timer);
      process.off('exit', end);
    };
    child.on('error', (error) => {
      settle();
      reject(
        new SetupError(
          error.code === 'ENOENT' ? `${program} is missing: install it` : `${program}: ${error}`,
        ),
      );
    });
    child.on('close', (code) => {
      settle();
      if (code === 0) resolve(output);
      else {
        const reason = late ? `took longer than ${seconds} s` : `failed (exit ${code})`;
        const tail = output.trim().split('\n').slice(-12).join('\n  ');
        reject(new SetupError(`${program} ${args.slice(0, 3).join(' ')} ${reason}\n  ${tail}`));
      }
    });
  });
}
