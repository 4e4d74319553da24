/**
 * The page: wires the bar's buttons, files and the element's events to one another. It holds no face logic of its own,
 * so that it stays an example of how <face-keypoints> is used.
 */
import 'face-keypoints/define';
import type { FaceKeypointsError } from 'face-keypoints';
import { adviceFor, type Remedy } from './errors.ts';
import { offerInstall } from './install.ts';
import { watchForUpdates } from './updates.ts';

const get = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

let face = document.querySelector('face-keypoints')!;
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

type Showing = 'nothing' | 'camera' | 'example' | Blob;
let showing: Showing = 'nothing';
let remedy: Remedy = 'camera';

async function show(what: Showing): Promise<void> {
  showing = what;
  notice.hidden = true;
  intro.hidden = what !== 'nothing';
  loading.hidden = true;
  stats.hidden = what === 'nothing';
  stop.hidden = what === 'nothing';
  mirror.hidden = what === 'nothing';
  for (const id of ['fps', 'ms', 'backend', 'count']) get(id).textContent = '–';
  document.body.toggleAttribute('data-showing', what !== 'nothing');
  document.body.removeAttribute('data-idle');
  setMirror(what === 'camera');
  face.stop();
  if (what === 'camera') {
    face.source = null;
    face.camera = true;
  } else {
    face.camera = false;
    if (what === 'nothing') face.source = null;
    else if (what === 'example') face.source = await example();
    else face.source = what;
  }
  if (what !== 'nothing') await face.start().catch(() => undefined); // the error event tells
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

/** A new element: a lost device takes its old one's everything along. */
async function restart(): Promise<void> {
  const fresh = face.cloneNode(false) as typeof face;
  face.replaceWith(fresh);
  face = fresh;
  listen();
  await show(showing === 'nothing' ? 'example' : showing);
}

function listen(): void {
  face.addEventListener('progress', (event) => {
    const { loaded, total } = event.detail;
    loading.hidden = !notice.hidden || showing === 'nothing' || (total > 0 && loaded >= total);
    loadingText.textContent = total
      ? `Loading the model: ${megabytes(loaded)} of ${megabytes(total)} MB`
      : `Loading the model: ${megabytes(loaded)} MB`;
    if (total) {
      loadingBar.max = total;
      loadingBar.value = loaded;
    } else loadingBar.removeAttribute('value');
  });
  face.addEventListener('ready', () => (loading.hidden = true));
  face.addEventListener('keypoints', (event) => {
    loading.hidden = true;
    const { faces } = event.detail;
    get('count').textContent = String(faces.length);
    document.body.dataset['faces'] = String(faces.length);
    const { fps, detectMs, landmarkMs, backend } = face.stats;
    // A still has no rate.
    get('fps').textContent = fps ? fps.toFixed(0) : '–';
    const ms = (detectMs ?? 0) + (landmarkMs ?? 0);
    get('ms').textContent = ms ? ms.toFixed(ms < 10 ? 1 : 0) : '–';
    get('backend').textContent = BACKEND_NAMES[backend ?? ''] ?? backend ?? '–';
  });
  face.addEventListener('error', (event) => {
    const { detail } = event as CustomEvent<FaceKeypointsError>;
    if (detail) fail(detail);
  });
}

const BACKEND_NAMES: Record<string, string> = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WebAssembly' };
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
    await restartKeepingModel();
  } catch (error) {
    fail({ code: 'model-unsupported', message: String(error) });
  }
}

async function restartKeepingModel(): Promise<void> {
  await show(showing === 'nothing' ? 'example' : showing);
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
for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin']) document.addEventListener(type, touched);

listen();
offerInstall(get('install'));
watchForUpdates(get('update'));
