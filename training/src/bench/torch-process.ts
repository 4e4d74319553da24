import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../bench/torch_step.py', import.meta.url));

export interface TorchSetup {
  readonly size: number;
  readonly batch: number;
  readonly landmarks: number;
  readonly threads: number;
  /** Products of bfloat16, sums of float32, where the processor can; products of float32 otherwise. */
  readonly bfloat16: boolean;
}

/** This Python has no PyTorch, or is none. */
export class TorchMissing extends Error {
  override readonly name = 'TorchMissing';
}

/** PyTorch's step in a process of its own, which takes its turns when asked. */
export class TorchStep {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly version: string,
    readonly threads: number,
    /** Number of trainable weights. */
    readonly weights: number,
  ) {}

  /** @throws TorchMissing */
  static async start(python: string, setup: TorchSetup): Promise<TorchStep> {
    const child = spawn(python, ['-W', 'ignore', SCRIPT, JSON.stringify(setup)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ONEDNN_DEFAULT_FPMATH_MODE: setup.bfloat16 ? 'BF16' : 'STRICT' },
    });
    const failed = new Promise<never>((_, reject) =>
      child.once('error', (error) => reject(new TorchMissing(`${python} does not start (${error.message})`))),
    );
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const hello = JSON.parse(await Promise.race([nextLine(lines), failed])) as {
      missing?: string;
      version: string;
      threads: number;
      weights: number;
    };
    if (hello.missing) throw new TorchMissing(`${python}: ${hello.missing}`);
    return new TorchStep(child, lines, hello.version, hello.threads, hello.weights);
  }

  /** @returns seconds that `steps` steps took */
  async time(steps: number): Promise<number> {
    this.child.stdin!.write(`${JSON.stringify({ steps })}\n`);
    return (JSON.parse(await nextLine(this.lines)) as { seconds: number }).seconds;
  }

  close(): void {
    this.child.stdin!.end();
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { done, value } = await lines.next();
  if (done) throw new Error('the PyTorch process ended before its time; its last words are above');
  return value;
}
