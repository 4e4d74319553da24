/**
 * Every state that a person may see, each brought about as it comes about for them. Shared by the tests of states and of
 * accessibility and by the screenshots. `stand` runs before the page opens, `act` after; `shows` is what must be seen.
 */
import { join } from 'node:path';
import { root } from '../../scripts/prepare.mjs';
import {
  drop,
  dropPaths,
  dropVideo,
  emit,
  standInBlockedPlay,
  standInCamera,
  standInInsecure,
  standInInstalled,
  standInLostTrackers,
  standInUpdate,
} from './stand-ins.mjs';

const TIMEOUT = 90_000;
const tap = (page, id) => page.click(`#${id}`);
const running = (page) => page.waitForSelector('#stats', { timeout: TIMEOUT });
const faceSeen = (page, count = 1) =>
  page.waitForFunction((count) => Number(document.body.dataset.faces) >= count, count, { timeout: TIMEOUT });

async function live(page) {
  await tap(page, 'camera');
  await running(page);
}

const face = (page) => standInCamera(page, 'face');

async function liveWithFace(page) {
  await live(page);
  await faceSeen(page);
}

async function details(page, tab) {
  await tap(page, 'details');
  if (tab !== 'measures') await tap(page, `tab-${tab}`);
}

function dropOwnModel(page) {
  return drop(page, [
    { name: 'model.json', type: 'application/json', url: 'models/resnet18/model.json' },
    { name: 'weights.bin', type: 'application/octet-stream', url: 'models/resnet18/weights.bin' },
  ]);
}

function cameraFails(name) {
  return { stand: (page) => standInCamera(page, name), act: (page) => tap(page, 'camera') };
}

function fails(code) {
  return {
    act: async (page) => {
      await tap(page, 'example');
      await emit(page, 'error', { code, message: 'as a test' });
    },
  };
}

/** So many of 11.4 MB have come. */
function loads(loaded, text) {
  return {
    stand: async (page) => {
      await face(page);
      await page.context().route(/weights|blazeface/, () => undefined);
    },
    act: async (page) => {
      await tap(page, 'camera');
      await page.waitForSelector('#loading-bar', { timeout: TIMEOUT });
      await emit(page, 'progress', { loaded, total: 11_400_000 });
    },
    shows: { selector: '#loading', text },
  };
}

const notice = (code, text, button) => ({ selector: `#notice[data-code=${code}]`, text, button });

export const STATES = {
  welcome: { shows: { selector: '#welcome', text: /Nothing is uploaded/ } },
  'welcome-offline': {
    act: (page) => page.context().setOffline(true),
    shows: { selector: '#offline', text: /You are offline\. Not everything is on this device yet/ },
  },
  'welcome-installable': {
    act: (page) => page.evaluate(() => window.dispatchEvent(new window.Event('beforeinstallprompt'))),
    shows: { selector: '#install', text: /Install/ },
  },
  'welcome-details': {
    act: (page) => details(page, 'measures'),
    shows: { selector: '#tab-panel', text: /Start the camera or open a picture/ },
  },
  asking: {
    stand: (page) => standInCamera(page, 'pending'),
    act: (page) => tap(page, 'camera'),
    shows: { selector: '#asking', text: /Choose Allow/ },
  },
  loading: loads(4_600_000, /4\.6 of 11\.4 MB/),
  'making-ready': loads(11_400_000, /Making the model ready for this device/),
  play: {
    stand: standInBlockedPlay,
    act: async (page) => {
      await dropVideo(page);
      await faceSeen(page);
    },
    shows: { selector: '#face button', text: /^Play$/ },
  },
  live: { stand: face, act: liveWithFace, shows: { selector: '#stats', text: /ms/ } },
  measures: {
    stand: face,
    act: async (page) => {
      await liveWithFace(page);
      await details(page, 'measures');
    },
    shows: { selector: '#tab-panel', text: /Smile.*%.*Turned.*°/s },
  },
  view: {
    stand: face,
    act: async (page) => {
      await liveWithFace(page);
      await details(page, 'view');
      await page.waitForSelector('.trace', { timeout: TIMEOUT });
    },
    shows: { selector: '#tab-panel', text: /Smoothing/ },
  },
  uncertainty: {
    stand: face,
    act: async (page) => {
      await liveWithFace(page);
      await details(page, 'view');
      await page.check('.choices [value=spread]');
    },
    shows: { selector: '#overlay-words', text: /nine times in ten its true place/ },
  },
  save: {
    stand: face,
    act: async (page) => {
      await liveWithFace(page);
      await details(page, 'save');
    },
    shows: { selector: '#tab-panel', text: /PNG.*Record/s },
  },
  model: {
    act: async (page) => {
      await details(page, 'model');
      await page.waitForSelector('.card');
    },
    shows: { selector: '#tab-panel', text: /Comes with the page/ },
  },
  compare: {
    stand: face,
    act: async (page) => {
      await dropOwnModel(page);
      await running(page);
      await details(page, 'model');
      await tap(page, 'compare-camera');
      // At once, it would count as the second half of a double click.
      await page.waitForTimeout(500);
      await tap(page, 'compare:not([aria-disabled=true])');
      await page.waitForFunction(
        () => document.getElementById('other').faces.length && document.getElementById('face').faces.length,
        undefined,
        { timeout: TIMEOUT },
      );
    },
    shows: { selector: '#compare-names', text: /Built-in model/ },
  },
  'no-face': {
    stand: (page) => standInCamera(page, 'empty'),
    act: live,
    shows: { selector: '#hint', text: /No face found\. Come nearer/ },
  },
  dark: {
    stand: (page) => standInCamera(page, 'dark'),
    act: live,
    shows: { selector: '#hint', text: /too dark/ },
  },
  'several-faces': {
    stand: async (page) => {
      await standInCamera(page, 'faces');
      await page.addInitScript(() =>
        window.localStorage.setItem('settings', JSON.stringify({ maxFaces: 4 })),
      );
    },
    act: async (page) => {
      await live(page);
      await faceSeen(page, 2);
    },
    shows: { selector: '#stats', text: /2 faces/ },
  },
  'several-measures': {
    stand: (page) => STATES['several-faces'].stand(page),
    act: async (page) => {
      await STATES['several-faces'].act(page);
      await details(page, 'measures');
    },
    shows: { selector: '#face-choice', text: /Face, of 2 in the picture/ },
  },
  'own-model': {
    act: async (page) => {
      await dropOwnModel(page);
      await faceSeen(page);
    },
    shows: { selector: '#stats', text: /Your model resnet18/ },
  },
  picture: {
    act: async (page) => {
      await tap(page, 'example');
      await faceSeen(page);
    },
    shows: { selector: '#stats', text: /ms/ },
  },
  batch: {
    act: async (page) => {
      await drop(page, [
        { name: 'portrait.jpg', type: 'image/jpeg', url: 'example.jpg' },
        { name: 'logo.png', type: 'image/png', url: 'icons/icon-512.png' },
        { name: 'notes.txt', type: 'text/plain', body: 'not a picture' },
      ]);
      await page.waitForFunction(
        () => !document.querySelector('#batch tr:is([data-status=waiting], [data-status=working])'),
        undefined,
        { timeout: TIMEOUT },
      );
    },
    shows: { selector: '#batch', text: /All done, 1 face found/ },
  },
  'batch-stopped': {
    stand: standInLostTrackers,
    act: async (page) => {
      await drop(page, [
        { name: 'portrait.jpg', type: 'image/jpeg', url: 'example.jpg' },
        { name: 'logo.png', type: 'image/png', url: 'icons/icon-512.png' },
        { name: 'icon.png', type: 'image/png', url: 'icons/icon-192.png' },
      ]);
      await page.waitForSelector('#remark :text("The work on the pictures stopped")', { timeout: TIMEOUT });
    },
    shows: { selector: '#batch:has(#batch-go-on)', text: /1 of 3 done, 1 face found.*Go on with the others/ },
  },
  unsaved: {
    act: async (page) => {
      await STATES.batch.act(page);
      await tap(page, 'stop');
    },
    shows: { selector: '#question[open]', text: /2 results are not saved yet.*Save as CSV.*Keep them/ },
  },
  'unsaved-recording': {
    stand: face,
    act: async (page) => {
      await STATES.save.act(page);
      await tap(page, 'record');
      await page.waitForSelector('#tab-panel :text("Stop recording")');
      await page.waitForFunction(() =>
        /[1-9]\d* pictures/.test(document.getElementById('tab-panel').innerText),
      );
      await tap(page, 'record');
      await tap(page, 'record:has-text("Record anew")');
    },
    shows: {
      selector: '#question[open]',
      text: /The recording is not saved yet.*Save as JSON lines.*Keep it/,
    },
  },
  drop: {
    act: (page) =>
      page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([''], 'face.jpg', { type: 'image/jpeg' }));
        document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, dataTransfer }));
      }),
    shows: { selector: '#drop-hint', text: /Drop/ },
  },
  update: { stand: standInUpdate, shows: { selector: '#update', text: /Reload now/ } },
  'camera-denied': {
    ...cameraFails('NotAllowedError'),
    shows: notice('camera-denied', /Click the icon left of the address, and switch Camera on/, 'Try again'),
  },
  'camera-denied-installed': {
    stand: async (page) => {
      await standInInstalled(page);
      await standInCamera(page, 'NotAllowedError');
    },
    act: (page) => tap(page, 'camera'),
    shows: notice('camera-denied', /menu ⋮ in the title bar.*switch Camera on/, 'Try again'),
  },
  'camera-missing': {
    ...cameraFails('NotFoundError'),
    shows: notice('camera-missing', /Connect one/, 'Open a picture'),
  },
  'camera-busy': {
    ...cameraFails('NotReadableError'),
    shows: notice('camera-busy', /Another program or tab holds the camera/, 'Try again'),
  },
  insecure: {
    stand: standInInsecure,
    act: (page) => tap(page, 'camera'),
    shows: notice('insecure-context', /https or localhost/, 'Open a picture'),
  },
  'device-lost': {
    ...fails('device-lost'),
    shows: notice('device-lost', /after sleep or a driver update/, 'Restart'),
  },
  'model-missing': {
    ...fails('model-missing'),
    shows: notice('model-missing', /Check the connection/, 'Try again'),
  },
  'model-offline': {
    act: async (page) => {
      await fails('model-missing').act(page);
      await page.context().setOffline(true);
    },
    shows: notice('model-missing', /Connect once/, 'Try again'),
  },
  'model-corrupt': { ...fails('model-corrupt'), shows: notice('model-corrupt', /checksum/, 'Load again') },
  'model-unsupported': {
    act: (page) =>
      drop(page, [
        { name: 'model.json', type: 'application/json', body: '{}' },
        { name: 'weights.bin', type: 'application/octet-stream', body: '' },
      ]),
    shows: notice('model-unsupported', /npm run export/, 'Use the built-in model'),
  },
  'model-incomplete': {
    act: (page) =>
      drop(page, [{ name: 'model.json', type: 'application/json', url: 'models/resnet18/model.json' }]),
    shows: notice('model-incomplete', /model\.json needs weights\.bin/, 'Open all of them'),
  },
  'weights-alone': {
    act: (page) => drop(page, [{ name: 'weights.bin', type: '', body: '' }]),
    shows: notice('model-incomplete', /no model\.json among the files/, 'Open all of them'),
  },
  'example-missing': {
    stand: (page) => page.context().route(/example\.jpg/, (route) => route.fulfill({ status: 404 })),
    act: (page) => tap(page, 'example'),
    shows: notice('example-missing', /could not be loaded from the server/, 'Try again'),
  },
  'folder-empty': {
    act: (page) => dropPaths(page, [join(root, 'app/src/styles')]),
    shows: notice('folder-empty', /No picture, video or model/, 'Open another'),
  },
  remark: {
    stand: face,
    act: async (page) => {
      await liveWithFace(page);
      await dropPaths(page, [join(root, 'app/src/styles')]);
    },
    shows: { selector: '.readout ~ #remark:has(#remark-close)', text: /Nothing to open in there/ },
  },
  'remark-model': {
    act: async (page) => {
      await STATES.batch.act(page);
      await drop(page, [{ name: 'model.json', type: 'application/json', url: 'models/lite/model.json' }]);
    },
    shows: { selector: '#remark:has(#remark-close)', text: /needs weights\.bin.*The built-in model stays/ },
  },
  'backend-unavailable': {
    ...fails('backend-unavailable'),
    shows: notice('backend-unavailable', /Neither WebGPU nor WebGL nor WebAssembly/, 'Try WebAssembly'),
  },
  'input-invalid': {
    act: (page) => drop(page, [{ name: 'notes.txt', type: 'text/plain', body: 'not a picture' }]),
    shows: notice('input-invalid', /not a picture or video/, 'Open another'),
  },
};

/** Brings an open browser context's new page into a state. */
export async function enter(context, url, name) {
  const { stand, act, shows } = STATES[name];
  const page = await context.newPage();
  await stand?.(page);
  await page.goto(url);
  await act?.(page);
  await page.waitForSelector(shows.selector, { timeout: TIMEOUT });
  return page;
}
