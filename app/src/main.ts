/**
 * The page: wires the bar's buttons, files and the element's events to one another. It holds no face logic of its own,
 * so that it stays an example of how <face-keypoints> is used.
 */
import type { BackendName, FaceKeypointsError } from 'face-keypoints';
import type { FaceKeypointsEventDetails } from 'face-keypoints/define';
import 'face-keypoints/define';
import { adviceFor, type Remedy } from './errors.ts';
import { offerInstall } from './install.ts';
import { watchForUpdates } from './updates.ts';

const get = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

const face = document.querySelector('face-keypoints')!;
const intro = get('intro');
const loading = get('loading');
const loadingText = get('loading-text');
const loadingBar = get<HTMLProgressElement>('loading-bar');
const notice = get('notice');
const noticeText = get('notice-text');
const noticeButton = get<HTMLButtonElement>('notice-button');
const stats = get('stats');
const mirror = get('mirror');
const stop = get('stop');
const fileInput = get<HTMLInputElement>('file');
const overlay = get<HTMLSelectElement>('overlay');
const dropHint = get('drop-hint');
const hint = get('hint');

type Showing = 'nothing' | 'camera' | 'example' | Blob;
let showing: Showing = 'nothing';
let remedy: Remedy = 'camera';
let lastFace = 0;

async function show(what: Showing): Promise<void> {
  showing = what;
  notice.hidden = true;
  loading.hidden = true;
  hint.hidden = true;
  lastFace = performance.now();
  intro.hidden = what !== 'nothing';
  stats.hidden = stop.hidden = mirror.hidden = what === 'nothing';
  for (const id of ['fps', 'ms', 'backend', 'count']) get(id).textContent = '–';
  document.body.toggleAttribute('data-showing', what !== 'nothing');
  document.body.removeAttribute('data-idle');
  delete document.body.dataset['faces'];
  setMirror(what === 'camera');
  face.stop();
  const source = what === 'example' ? await example() : what instanceof Blob ? what : null;
  if (showing !== what) return; // somebody was faster than the download
  face.source = source;
  face.camera = what === 'camera';
  await face.updateComplete;
  // A new input starts by itself; the same one again has to be told to.
  if (face.state === 'idle') await face.start();
}

async function example(): Promise<Blob> {
  const response = await fetch('example.jpg');
  return response.blob();
}

function setMirror(on: boolean): void {
  face.mirror = on;
  mirror.setAttribute('aria-pressed', String(on));
}

function fail(error: Pick<FaceKeypointsError, 'code' | 'message'>): void {
  const advice = adviceFor(error);
  remedy = advice.remedy;
  loading.hidden = true;
  intro.hidden = true;
  hint.hidden = true;
  stats.hidden = true;
  notice.hidden = false;
  notice.dataset['code'] = error.code;
  noticeText.textContent = advice.text;
  noticeButton.textContent = advice.button;
  document.body.removeAttribute('data-idle');
  if (document.activeElement === document.body) noticeButton.focus({ preventScroll: true });
}

async function help(): Promise<void> {
  switch (remedy) {
    case 'camera':
      return show('camera');
    case 'open':
      return fileInput.click();
    case 'example':
      return show('example');
    case 'wasm':
      face.backend = 'wasm';
      return restart();
    case 'restart':
      return restart();
    case 'reload':
      return location.reload();
  }
}

/** What was shown, from the start; the element makes what it lost anew. */
const restart = (): Promise<void> => show(showing === 'nothing' ? 'example' : showing);

function on<K extends keyof FaceKeypointsEventDetails>(
  type: K,
  listener: (detail: FaceKeypointsEventDetails[K]) => void,
): void {
  face.addEventListener(type, (event) => listener(event.detail));
}

on('progress', ({ loaded, total }) => {
  loading.hidden = !notice.hidden || showing === 'nothing' || (total > 0 && loaded >= total);
  loadingText.textContent = total
    ? `Loading the model: ${megabytes(loaded)} of ${megabytes(total)} MB`
    : 'Loading the model';
  if (total) loadingBar.value = loaded / total;
  else loadingBar.removeAttribute('value');
});

on('ready', () => (loading.hidden = true));

on('keypoints', ({ faces }) => {
  const { fps, detectMs, landmarkMs, backend } = face.stats;
  const ms = detectMs + landmarkMs;
  document.body.dataset['faces'] = String(faces.length);
  get('count').textContent = String(faces.length);
  tellIfNobody(faces.length > 0);
  get('rate').hidden = !fps; // a still has none
  get('fps').textContent = fps.toFixed(0);
  get('ms').textContent = ms ? ms.toFixed(ms < 10 ? 1 : 0) : '–';
  get('backend').textContent = backend ? BACKEND_NAMES[backend] : '–';
});

/** A sentence when there is no face: at once for a picture, after two seconds for a camera or video. */
function tellIfNobody(somebody: boolean): void {
  const now = performance.now();
  if (somebody) lastFace = now;
  const still = !face.stats.fps && showing !== 'camera';
  hint.hidden = somebody || (!still && now - lastFace < 2000);
  hint.textContent =
    showing === 'camera'
      ? 'No face found. Come nearer, into the light.'
      : 'No face found. Faces should be well lit and not too small.';
}

on('error', fail);

const BACKEND_NAMES: Record<BackendName, string> = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WebAssembly' };
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

async function open(files: readonly File[]): Promise<void> {
  const model = files.find((file) => file.name.endsWith('.json'));
  const weights = files.filter((file) => file.name.endsWith('.bin'));
  if (model && weights.length) return useModel(model, weights);
  const [file] = files;
  if (file) await show(file);
}

/** One's own `model.json` and its weights, as `npm run export` writes them. They stay in this tab. */
async function useModel(json: File, weights: readonly File[]): Promise<void> {
  try {
    const model = JSON.parse(await json.text());
    const [group] = model.weightsManifest;
    const parts = model.weightsManifest.flatMap((part: { paths: string[] }) => part.paths);
    const files = parts.map((path: string) => weights.find((file) => file.name === path.split('/').pop()));
    if (!group || files.includes(undefined)) throw new Error(`needs ${parts.join(', ')}`);
    face.model = {
      format: model.format,
      modelTopology: model.modelTopology,
      signature: model.signature,
      userDefinedMetadata: model.userDefinedMetadata,
      weightSpecs: model.weightsManifest.flatMap((part: { weights: object[] }) => part.weights),
      weightData: await new Blob(files).arrayBuffer(),
    } as unknown as typeof face.model;
    await restart();
  } catch (error) {
    fail({ code: 'model-unsupported', message: String(error) });
  }
}

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-action]');
  switch (button?.dataset['action']) {
    case 'camera':
      return void show('camera');
    case 'example':
      return void show('example');
    case 'open':
      return fileInput.click();
  }
});
noticeButton.addEventListener('click', () => void help());
stop.addEventListener('click', () => void show('nothing'));
mirror.addEventListener('click', () => setMirror(!face.mirror));
overlay.addEventListener('change', () => face.setAttribute('overlay', overlay.value));
fileInput.addEventListener('change', () => {
  void open([...(fileInput.files ?? [])]);
  fileInput.value = '';
});

document.addEventListener('dragover', (event) => {
  event.preventDefault();
  dropHint.hidden = false;
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) dropHint.hidden = true;
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  dropHint.hidden = true;
  void open([...(event.dataTransfer?.files ?? [])]);
});
document.addEventListener('paste', (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) void open(files);
});

/** After some seconds without a touch the bar steps aside, while a face is being tracked. */
let idleTimer = 0;
function touched(): void {
  document.body.removeAttribute('data-idle');
  clearTimeout(idleTimer);
  idleTimer = window.setTimeout(() => {
    const tracking = showing === 'camera' && document.body.dataset['faces'] !== '0' && notice.hidden;
    document.body.toggleAttribute('data-idle', tracking);
  }, 4000);
}
for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin'])
  document.addEventListener(type, touched);

offerInstall(get('install'));
watchForUpdates(get('update'));
