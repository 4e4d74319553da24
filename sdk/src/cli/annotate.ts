import { FaceKeypointsError, FaceTracker } from '../index.ts';
import { pictureReader, type PictureReader } from '../node/index.ts';
import type { AnnotateCommand } from './arguments.ts';
import { decodeAhead } from './decode-ahead.ts';
import { findPictures } from './inputs.ts';
import type { Failure } from './manifest.ts';
import { Progress } from './progress.ts';
import { RunFolder } from './run-folder.ts';
import { inShard } from './shard.ts';
import type { Terminal } from './terminal.ts';

/**
 * Finds the faces of many pictures, and goes on where an earlier run ended.
 * @returns the exit code
 * @throws FaceKeypointsError where nothing can be done: wrong options, no pictures, no model
 */
export async function annotate(command: AnnotateCommand, terminal: Terminal): Promise<number> {
  const { backend, maxFaces, model, detector, shard, out } = command;
  const { stderr, stdin, interrupted } = terminal;
  const all = await findPictures(command, stdin);
  if (all.length === 0) {
    throw new FaceKeypointsError(
      'input-invalid',
      'No pictures there. Name pictures, or folders that hold some.',
    );
  }
  const files = all.filter((file) => inShard(file, shard));
  const read = await pictureReader();
  const tracker = await FaceTracker.create({
    backend,
    maxFaces,
    ...(model && { model }),
    ...(detector && { detector }),
  });
  try {
    const folder = await RunFolder.open(command, tracker, all, files);
    try {
      const pending = files.filter((file) => !folder.isDone(file));
      if (pending.length < files.length) {
        stderr.write(`${files.length - pending.length} of ${files.length} pictures done before\n`);
      }
      const { failures, stopped } = await annotateAll(pending, { command, terminal, tracker, folder, read });
      await folder.end(!stopped, failures);
      for (const { file, reason } of failures) stderr.write(`failed: ${file}: ${reason}\n`);
      stderr.write(`${folder.summary}: ${out}\n`);
      if (stopped) stderr.write('Ended early; the same command goes on from here.\n');
      if (stopped && interrupted.aborted) return interrupted.reason as number;
      return failures.length > 0 ? 1 : 0;
    } finally {
      await folder.close();
    }
  } finally {
    await tracker.close();
  }
}

interface Work {
  readonly command: AnnotateCommand;
  readonly terminal: Terminal;
  readonly tracker: Pick<FaceTracker, 'detect'>;
  readonly folder: RunFolder;
  readonly read: PictureReader;
}

/** What cannot be read does not stop the others. */
async function annotateAll(
  files: readonly string[],
  { command, terminal, tracker, folder, read }: Work,
): Promise<{ failures: Failure[]; stopped: boolean }> {
  const progress = new Progress(terminal.stderr, files.length, command.quiet);
  const failures: Failure[] = [];
  let done = 0;
  try {
    for await (const { file, pixels } of decodeAhead(files, read)) {
      try {
        const problem = folder.problemOf(file);
        if (problem) throw new FaceKeypointsError('input-invalid', problem);
        const { width, height } = await pixels;
        const faces = await tracker.detect(await pixels);
        await folder.add({ file, timestamp: 0, width, height, faces });
      } catch (error) {
        if (!(error instanceof FaceKeypointsError && error.code === 'input-invalid')) throw error;
        failures.push({ file, reason: error.message });
      }
      progress.show(++done, failures.length);
      const interrupted = terminal.interrupted.aborted && done < files.length;
      if (interrupted || (command.strict && failures.length > 0)) return { failures, stopped: true };
    }
    return { failures, stopped: false };
  } finally {
    progress.end();
  }
}
