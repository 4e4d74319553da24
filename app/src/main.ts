/**
 * The page: state in one store, what a person can do in `Actions`, what is looked at in `Session`, and views that draw
 * the state. It holds no face logic of its own, so that it stays an example of how <face-keypoints> is used.
 */
import 'face-keypoints/define';
import { Actions } from './actions.ts';
import { Compare } from './compare.ts';
import { StepAside } from './idle.ts';
import { browserChecks } from './inputs/check.ts';
import { watchArrivals } from './inputs/arrivals.ts';
import { isCameraAllowed } from './inputs/camera.ts';
import { LeaveGuard } from './leave-guard.ts';
import { InstallOffer } from './pwa/install.ts';
import { keepStorage } from './pwa/storage.ts';
import { Updates } from './pwa/updates.ts';
import { WakeLock } from './pwa/wake-lock.ts';
import { Recording } from './recording.ts';
import { dropSecondClicks } from './second-click.ts';
import { Session } from './session.ts';
import { loadSettings } from './settings.ts';
import { hasUnsavedWork, initialState } from './state.ts';
import { Store } from './store.ts';
import { Page } from './views/page.ts';

const store = new Store(initialState(loadSettings()));
const element = document.querySelector<HTMLElementTagNameMap['face-keypoints']>('#face')!;
const other = document.querySelector<HTMLElementTagNameMap['face-keypoints']>('#other')!;
const fileInput = document.querySelector<HTMLInputElement>('#file')!;

const session = new Session(store, element);
const compare = new Compare(other, (problem) => session.failBeside(problem));
const recording = new Recording();
const leaveGuard = new LeaveGuard();
const actions = new Actions({
  store,
  element,
  session,
  compare,
  recording,
  checks: browserChecks(() => element.backend),
  install: new InstallOffer(
    (installable) => store.set({ installable }),
    () => void keepStorage(),
  ),
  updates: new Updates({
    onKept: () => store.set({ kept: true }),
    onReady: () => store.set({ updateReady: true }),
    onLeave: () => leaveGuard.letGo(),
  }),
  pickFiles: () => fileInput.click(),
});

const page = new Page(actions);
const wakeLock = new WakeLock();
const aside = new StepAside(() => {
  const { input, phase, live, tab } = store.state;
  return input.kind === 'camera' && phase === 'running' && live.faces.length > 0 && !tab;
});
store.subscribe((state) => {
  page.draw(state);
  wakeLock.hold(state.input.kind === 'camera' && state.phase === 'running');
  leaveGuard.hold(hasUnsavedWork(state));
  aside.update();
  // A recording is of one input.
  if (state.recording.active && state.phase !== 'running') actions.toggleRecording();
});

element.addEventListener('facefound', () => void keepStorage(), { once: true });
element.addEventListener('keypoints', ({ detail }) => {
  if (recording.figures.active) {
    recording.add(detail);
    store.set({ recording: recording.figures });
  }
  if (store.state.comparison) store.set({ comparison: compare.measure(detail.faces) });
});
fileInput.addEventListener('change', () => {
  actions.open([...(fileInput.files ?? [])]);
  fileInput.value = '';
});
for (const type of ['online', 'offline'])
  addEventListener(type, () => store.set({ online: navigator.onLine }));
document.addEventListener('keydown', ({ key }) => {
  // A question takes it for itself.
  if (key !== 'Escape' || store.state.question) return;
  // One thing at a time, the smallest first.
  if (store.state.remark) return actions.dismiss();
  if (!store.state.tab) return;
  actions.toggleDetails();
  document.getElementById('details')?.focus();
});
dropSecondClicks(document);
watchArrivals({ onFiles: actions.open, onDragging: (dropping) => store.set({ dropping }) });
page.draw(store.state);

// The icon's shortcuts. The camera only if it was allowed before: an address alone must not ask for it.
const start = new URLSearchParams(location.search).get('start');
if (start) history.replaceState(null, '', './');
if (start === 'example') actions.example();
if (start === 'camera') void isCameraAllowed().then((allowed) => allowed && actions.camera());
