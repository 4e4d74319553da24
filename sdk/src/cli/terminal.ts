import type { Readable, Writable } from 'node:stream';

/** What the command line works with, in place of the process. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborted with the exit code when the person or the batch system wants an end. */
  readonly interrupted: AbortSignal;
}
