import type { FaceKeypointsElement } from 'face-keypoints/define';
import { BatchRun, exportBatch, type Batch } from './batch.ts';
import { fileName, save } from './save.ts';
import type { Session } from './session.ts';
import { isShowing, resultsOf, type Problem, type State } from './state.ts';
import type { Store } from './store.ts';

export interface TableParts {
  readonly store: Store<State>;
  readonly element: FaceKeypointsElement;
  readonly session: Session;
  /** Another one in tests. */
  readonly createTracker?: ConstructorParameters<typeof BatchRun>[3];
}

/** The table of many pictures, and what becomes of it when the work on it ends early. */
export class BatchTable {
  readonly #parts: TableParts;
  #run: BatchRun | undefined;
  #failed: readonly File[] | undefined;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** Of a batch that failed before it had anything to show: what "Try again" tries. */
  get failed(): readonly File[] | undefined {
    return this.#failed;
  }

  /** Something else is shown: what failed is not to be tried again. */
  forget(): void {
    this.#failed = undefined;
  }

  open(files: readonly File[]): void {
    const { store, element, createTracker } = this.#parts;
    const { model, backend } = element;
    const options = { backend, ...(model !== null && { model }) };
    const onChange = (batch: Batch): void => store.set({ batch });
    void this.#work((this.#run = new BatchRun(files, options, onChange, createTracker)));
  }

  /** With the pictures that still wait when something has ended the work on them. */
  goOn(): void {
    if (this.#run && !this.#parts.store.state.batch?.running) void this.#work(this.#run);
  }

  end(): void {
    this.#run?.close();
    this.#run = undefined;
    this.#failed = undefined;
    const { store } = this.#parts;
    store.set({ batch: undefined, saved: { ...store.state.saved, results: 0 } });
  }

  /** @returns whether the person has it */
  async save(format: 'jsonl' | 'csv'): Promise<boolean> {
    const { store } = this.#parts;
    const { batch } = store.state;
    if (!batch) return false;
    const run = this.#run;
    const saved = await save(exportBatch(batch.items, format), fileName(format));
    // While the share sheet was open, another may have taken its place.
    if (saved && this.#run === run) store.set({ saved: { ...store.state.saved, results: resultsOf(batch) } });
    return saved;
  }

  async #work(run: BatchRun): Promise<void> {
    const { store, session } = this.#parts;
    try {
      await run.run();
    } catch (error) {
      // Another may have begun, or this one been ended, while its tracker was closing.
      if (this.#run !== run) return;
      const problem = error as Problem;
      // What is in the table stays there, with a button for the others.
      if (store.state.batch?.items.some(({ status }) => status === 'done' || status === 'failed'))
        return store.set({ remark: stopped(problem) });
      this.end();
      if (isShowing(store.state) && !store.state.problem) return store.set({ remark: problem });
      this.#failed = run.files;
      session.fail(problem);
    }
  }
}

/** What should not happen has words for developers only. */
const stopped = (problem: Problem): Problem =>
  problem.code === 'unexpected' ? { ...problem, code: 'batch-stopped' } : problem;
