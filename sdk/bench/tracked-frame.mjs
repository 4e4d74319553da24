/** `npm run bench`: runs tracked-frame.html in Chromium and prints ratios. After `npm run build`. */
import { printRatios, timesOf } from './in-chromium.mjs';

const times = await timesOf('tracked-frame.html', ['--no-sandbox']);
console.log(
  'A tracked frame on wasm, one thread, in turns. Ratios hold; milliseconds are of this machine and moment.',
);
printRatios(times, 'face mesh');
