/** Of each error code: when it comes, and what to do. Markdown. @type {Record<string, readonly [when: string, remedy: string]>} */
export const ERRORS = {
  'camera-denied': [
    'The person, the browser or a policy refused the camera.',
    'Say how to allow it (the icon in the address bar), offer a button that calls `start()` again. In a frame: `allow="camera"`.',
  ],
  'camera-missing': [
    'There is no camera, or none as `device-id` asks for.',
    'Offer a picture or video instead.',
  ],
  'camera-busy': [
    'Another program has the camera, or it did not start.',
    'Ask to close that program; try again.',
  ],
  'insecure-context': [
    'The page is neither on https nor on localhost; browsers give no camera then.',
    'Serve it over https. Pictures and videos work all the same.',
  ],
  'model-corrupt': [
    'A weight file is not the one that its `model.json` names (SHA-256), or has another length.',
    'Load again; if it stays so, deploy `model.json` and its weights from one export.',
  ],
  'model-missing': [
    'A file of a model is not where it is looked for, or the network is gone.',
    'Look at the address in the message. Bundlers other than Vite and webpack need [`assets`](getting-started.html#other-bundlers).',
  ],
  'model-unsupported': [
    'A model of another kind: no tfjs graph model, or other outputs.',
    'Export it with `npm run export`; see [Models](own-model.html#what-a-model-must-be).',
  ],
  'backend-unavailable': [
    'No backend can run, or not the one asked for; for `WorkerTracker` also: no worker can start.',
    'Use `backend: "auto"`; check that the wasm files are served, and that the policy has `wasm-unsafe-eval`.',
  ],
  'device-lost': [
    'The graphics device went away: sleep, a driver update, too little memory.',
    'Create another tracker; with the element, call `start()`.',
  ],
  'input-invalid': [
    'The input is no picture that can be read: broken, empty, from another site without CORS, or of an unknown kind.',
    'The message says which. JPEG, PNG and WebP work everywhere.',
  ],
  'option-invalid': [
    'An option has a value that it cannot have, or there is none of that name.',
    'The message names the valid ones.',
  ],
  'tracker-closed': ['A call after `close()`.', 'Create another tracker.'],
  unexpected: [
    'What should not happen; `cause` holds what the platform threw.',
    'Try again. If it stays so, report it with `cause` and browser.',
  ],
};
