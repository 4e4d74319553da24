import { formatPts, modelFromFiles, toSvg, type RecordingFormat } from 'face-keypoints';
import { adviceFor, type Remedy } from './advice.ts';
import { BatchTable, type TableParts } from './batch-table.ts';
import { chosenFace } from './chosen-face.ts';
import { Comparing, type ComparingParts } from './comparing.ts';
import { faultInModel, faultOf, NOTHING_TO_OPEN, type Checks } from './inputs/check.ts';
import { cardOf, isModel } from './inputs/own-model.ts';
import type { InstallOffer } from './pwa/install.ts';
import type { Updates } from './pwa/updates.ts';
import type { Recording } from './recording.ts';
import { fileName, save } from './save.ts';
import { saveSettings, type Settings } from './settings.ts';
import {
  initialState,
  isShowing,
  UNNAMED,
  unsaved,
  type Problem,
  type State,
  type Tab,
  type Unsaved,
} from './state.ts';

export interface Parts extends TableParts, ComparingParts {
  readonly recording: Recording;
  readonly checks: Checks;
  readonly install: InstallOffer;
  readonly updates: Updates;
  /** Opens the browser's own dialog for files. */
  readonly pickFiles: () => void;
}

/** What a person can do; the views call nothing else. */
export class Actions {
  readonly #parts: Parts;
  readonly #table: BatchTable;
  readonly #comparing: Comparing;
  /** What waits for an answer to the question. */
  #asking: (() => void) | undefined;
  /** Counts what was asked for, so that a model that takes long does not disturb what came after it. */
  #request = 0;
  /** Of files that are looked at while something else is open; whatever is asked for next ends it. */
  #trial: AbortController | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#table = new BatchTable(parts);
    this.#comparing = new Comparing(parts);
    parts.element.addEventListener('ready', () => this.#nameModel());
  }

  readonly camera = (): void => this.#showBesideBatch({ kind: 'camera' });
  readonly example = (): void => this.#showBesideBatch({ kind: 'example' });
  readonly pick = (): void => this.#parts.pickFiles();
  readonly install = (): void => void this.#parts.install.accept();
  readonly update = (): void => {
    // What goes on is never saved whole.
    if (this.#parts.recording.figures.active) this.toggleRecording();
    this.#askFirst(['results', 'recording'], () => this.#parts.updates.apply());
  };
  readonly stop = (): void => this.#askFirst(['results'], () => this.#stop());

  /** A model, a picture, a video, or many pictures. */
  readonly open = (files: readonly File[]): void => {
    const { state } = this.#parts.store;
    // One thing at a time: what was asked is answered first.
    if (state.question) return;
    if (state.batch || (isShowing(state) && !state.problem)) void this.#openInstead(files);
    else this.#openNow(files);
  };

  /** What was asked about stays, and so does all else. */
  readonly keep = (): void => {
    this.#asking = undefined;
    this.#parts.store.set({ question: undefined });
  };

  /** Without what was asked about. */
  readonly goOn = (): void => {
    const goOn = this.#asking;
    this.keep();
    goOn?.();
  };

  /** The question stays open for who thinks better of saving, and of what came in while they saved. */
  readonly saveAndGoOn = async (): Promise<void> => {
    const asking = this.#asking;
    const { store } = this.#parts;
    const { question } = store.state;
    if (question === 'recording') await this.saveRecording('jsonl');
    else await this.saveBatch('csv');
    if (this.#asking === asking && question && !unsaved(store.state)[question]) this.goOn();
  };

  readonly dismiss = (): void => this.#parts.store.set({ remark: undefined });

  /** The button under an error. */
  readonly help = (): void => {
    const { problem, online } = this.#parts.store.state;
    if (problem) this.#remedies[adviceFor(problem, online).remedy]();
  };

  readonly set = (patch: Partial<Settings>): void => {
    const { store, session } = this.#parts;
    const { settings: before, input, cameraId: running } = store.state;
    const settings = { ...before, ...patch };
    const cameraId = patch.deviceId ?? running;
    store.set({ settings, cameraId });
    saveSettings(settings);
    this.#applySettings();
    const other = cameraId !== running || settings.resolution !== before.resolution;
    // A comparison goes on with another camera, or the same in another size, and so does a model that is tried.
    if (other && input.kind === 'camera') void this.#comparing.across(() => session.show(input));
  };

  readonly toggleMirror = (): void => {
    this.#parts.session.toggleMirror();
    this.#applySettings();
  };

  /** The next camera, for those who hold a phone. */
  readonly flip = (): void => {
    const { cameras, cameraId } = this.#parts.store.state;
    const at = cameras.findIndex(({ id }) => id === cameraId);
    const next = cameras[(at + 1) % cameras.length];
    if (next) this.set({ deviceId: next.id });
  };

  readonly toggleDetails = (): void => {
    const { store } = this.#parts;
    store.set({ tab: store.state.tab ? undefined : 'measures' });
  };

  readonly showTab = (tab: Tab): void => {
    const { store } = this.#parts;
    store.set({ tab });
    if (tab === 'model' && !store.state.model.card && !store.state.model.own) void this.#loadCard();
  };

  /** Whose measures are shown, and whose points a file of one face holds. */
  readonly chooseFace = (faceId: number): void => this.#parts.store.set({ faceId });

  /** Not as in a mirror: the files beside it hold points of the camera's own picture. */
  readonly savePng = async (): Promise<void> => {
    await save(await this.#parts.element.snapshot({ mirror: false }), fileName('png'));
  };

  readonly saveSvg = (): void => {
    const { live, settings } = this.#parts.store.state;
    const svg = toSvg(live.faces, live.width, live.height, settings.overlay);
    void save(new Blob([svg], { type: 'image/svg+xml' }), fileName('svg'));
  };

  readonly savePts = (): void => {
    const chosen = chosenFace(this.#parts.store.state);
    if (!chosen) return;
    void save(new Blob([formatPts(chosen.face.keypoints)], { type: 'text/plain' }), fileName('pts'));
  };

  readonly toggleRecording = (): void => {
    const { store, recording } = this.#parts;
    if (!recording.figures.active) return this.#askFirst(['recording'], () => this.#record());
    recording.stop();
    store.set({ recording: recording.figures });
  };

  /** @returns whether the person has it */
  readonly saveRecording = async (format: RecordingFormat): Promise<boolean> => {
    const { store } = this.#parts;
    const { recording } = store.state;
    const saved = await save(this.#parts.recording.toBlob(format), fileName(format));
    // While the share sheet was open, another may have begun.
    if (saved && store.state.recording === recording)
      store.set({ saved: { ...store.state.saved, frames: recording.frames } });
    return saved;
  };

  /** @returns whether the person has it */
  readonly saveBatch = (format: 'jsonl' | 'csv'): Promise<boolean> => this.#table.save(format);

  /** The pictures of a table that still wait when something has ended the work on them. */
  readonly goOnWithBatch = (): void => {
    this.#parts.store.set({ remark: undefined });
    this.#table.goOn();
  };

  /** A picture of the batch by itself. */
  readonly openItem = (file: File): void => this.#showBesideBatch({ kind: 'file', file });

  /** To the table, from whatever is shown beside it. */
  readonly back = (): void => {
    this.#wish();
    this.#comparing.end();
    this.#parts.session.stop();
  };

  readonly builtInModel = (): void => {
    const { session, store } = this.#parts;
    this.#wish();
    this.#comparing.end();
    store.set({ model: initialState(store.state.settings).model });
    this.#applySettings();
    void this.#loadCard();
    if (store.state.input.kind !== 'none' || this.#table.failed) this.#restart();
    else session.stop();
  };

  readonly toggleCompare = (): void => this.#comparing.toggle();

  readonly #remedies: Record<Remedy, () => void> = {
    camera: this.camera,
    open: this.pick,
    restart: () => this.#restart(),
    reload: () => location.reload(),
    wasm: () => {
      this.#parts.element.backend = 'wasm';
      this.#restart();
    },
    'built-in-model': this.builtInModel,
  };

  /** Which of the page's own models runs is known once it is there. */
  #nameModel(): void {
    const { store, element } = this.#parts;
    const { model, tab } = store.state;
    const name = element.tracker?.metadata.name;
    if (model.own || !name || name === model.name) return;
    store.set({ model: { name, own: false, card: undefined } });
    if (tab === 'model') void this.#loadCard();
  }

  /** To both elements of a comparison. */
  #applySettings(): void {
    this.#parts.session.applySettings();
    this.#comparing.follow();
  }

  /** Before an action that would take these along: asks about those that are not saved. */
  #askFirst([first, ...others]: readonly Unsaved[], action: () => void): void {
    const { store } = this.#parts;
    const goOn = first ? () => this.#askFirst(others, action) : action;
    if (!first || !unsaved(store.state)[first]) return goOn();
    // Files that are still looked at would come between.
    this.#endTrial();
    this.#asking = goOn;
    store.set({ question: first });
  }

  #stop(): void {
    this.#wish();
    this.#table.end();
    this.#comparing.end();
    this.#parts.session.stop();
  }

  #record(): void {
    const { store, recording } = this.#parts;
    recording.start();
    store.set({ recording: recording.figures, saved: { ...store.state.saved, frames: 0 } });
  }

  /** What failed, once more. */
  #restart(): void {
    const { failed } = this.#table;
    if (failed) this.#openBatch(failed);
    else void this.#parts.session.restart();
  }

  async #loadCard(): Promise<void> {
    const { store } = this.#parts;
    const { name } = store.state.model;
    const response = await fetch(`models/${name}/card.md`).catch(() => undefined);
    const card = response?.ok ? await response.text() : undefined;
    const { model } = store.state;
    if (!model.own && model.name === name) store.set({ model: { ...model, card } });
  }

  #openNow(files: readonly File[]): void {
    const [file] = files;
    if (isModel(files)) void this.#useModel(files);
    else if (!file) this.#nothing();
    else
      this.#askFirst(['results'], () => {
        if (files.length > 1) this.#openBatch(files);
        else this.#show({ kind: 'file', file });
      });
  }

  /** Ends what is open only for files that can take its place; else they are remarked on, and it goes on. */
  async #openInstead(files: readonly File[]): Promise<void> {
    const { store, session, checks } = this.#parts;
    this.#endTrial();
    const { signal } = (this.#trial = new AbortController());
    // The last remark goes, so that the same one again is seen, and heard, to be another.
    store.set({ trying: isModel(files), remark: undefined });
    const fault = await faultOf(files, checks, signal);
    if (signal.aborted) return;
    this.#endTrial();
    if (!fault) this.#openNow(files);
    else if (store.state.problem) session.fail(fault);
    else store.set({ remark: fault });
  }

  /** Something else is asked for: what is still on its way is not wanted any more. */
  #wish(): number {
    this.#endTrial();
    return ++this.#request;
  }

  #endTrial(): void {
    this.#trial?.abort();
    this.#trial = undefined;
    this.#parts.store.set({ trying: false });
  }

  #show(input: State['input']): void {
    this.#table.end();
    this.#showBesideBatch(input);
  }

  /** The table of a batch stays, and work on it goes on; only pictures that are brought take its place. */
  #showBesideBatch(input: State['input']): void {
    this.#wish();
    this.#table.forget();
    this.#comparing.end();
    void this.#parts.session.show(input);
  }

  #nothing(): void {
    this.#stop();
    this.#parts.session.fail(NOTHING_TO_OPEN);
  }

  async #useModel(files: readonly File[]): Promise<void> {
    const { element, session, store } = this.#parts;
    const request = this.#wish();
    this.#table.forget();
    this.#comparing.end();
    try {
      const model = await modelFromFiles(files);
      const card = await cardOf(files);
      if (request !== this.#request) return;
      const { name } = (model.userDefinedMetadata ?? {}) as { name?: string };
      store.set({ model: { name: name ?? UNNAMED, own: true, card } });
      element.model = model;
      await session.restart();
    } catch (error) {
      if (request !== this.#request) return;
      session.fail(faultInModel(error as Problem));
    }
  }

  #openBatch(files: readonly File[]): void {
    this.#stop();
    this.#table.open(files);
  }
}
