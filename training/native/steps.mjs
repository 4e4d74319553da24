import { spawn } from 'node:child_process';

/** A step that did not work; the message says what failed and what would mend it. */
export class SetupError extends Error {}

/**
 * Runs npm. On Windows its name is a script's, which only a shell would start: under `npm run` npm says where its own
 * code lies, and Node runs that.
 * @param {string[]} args
 * @param {{ cwd?: string, seconds?: number, env?: NodeJS.ProcessEnv }} options as of `runProgram`
 * @returns {Promise<string>} what it wrote
 * @throws SetupError as `runProgram`
 */
export function runNpm(args, options) {
  const code = process.env.npm_execpath ?? '';
  // Other package managers set it too.
  return /\bnpm-cli\.c?js$/.test(code)
    ? runProgram(process.execPath, [code, ...args], options)
    : runProgram('npm', args, options);
}

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
