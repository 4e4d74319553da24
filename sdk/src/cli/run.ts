import { FaceKeypointsError } from '../index.ts';
import { annotate } from './annotate.ts';
import { parseArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { USAGE } from './usage.ts';
import { packageVersion } from './version.ts';

/** @returns the exit code, see `USAGE` */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const command = parseArguments(args);
    switch (command.name) {
      case 'help':
        terminal.stdout.write(`${USAGE}\n`);
        return 0;
      case 'version':
        terminal.stdout.write(`${await packageVersion()}\n`);
        return 0;
      case 'annotate':
        return await annotate(command, terminal);
    }
  } catch (error) {
    // A full disk says enough of itself; anything else is a defect, and its place helps to mend it.
    const known = error instanceof FaceKeypointsError || (error instanceof Error && 'syscall' in error);
    terminal.stderr.write(
      `face-keypoints: ${known ? error.message : String((error as Error)?.stack ?? error)}\n`,
    );
    return 2;
  }
}
