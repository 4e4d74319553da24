/** Writes down what <face-keypoints> says of each frame of a camera whose frames bear their number. */
/* global AbortController */
import { readStamp, STAMP } from '../../support/frame-stamp.mjs';

const element = document.querySelector('face-keypoints');
const corner = new OffscreenCanvas(STAMP.width, STAMP.height);
const context = corner.getContext('2d', { willReadFrequently: true });

/**
 * Starts the camera and follows the clip from its first frame to its last.
 * @param options properties of the element
 * @returns {Promise<{given: number[], seen: {frame: number, shown: number, faces: {id: number, keypoints: number[], box: object}[]}[]}>}
 *   `given`: the frames that the page was given, from the first that was looked at on; `seen`: those that were looked at,
 *   `shown` being the one on the screen when its faces were told
 */
globalThis.followClip = async (frames, options) => {
  Object.assign(element, options);
  // The camera starts with the clip's first frame: nothing must have to be waited for then.
  await element.load();
  return new Promise((resolve, reject) => {
    const seen = [];
    /** What the frame shown at a time says of itself. */
    const numbers = new Map();
    const given = () => {
      const all = [...numbers.values()];
      const run = all.slice(all.indexOf(seen[0].frame));
      const again = run.findIndex((number, i) => number < run[i - 1]);
      return again < 0 ? run : run.slice(0, again);
    };
    const done = new AbortController();
    const end = (settle) => {
      done.abort();
      element.camera = false;
      settle();
    };
    const on = (type, listener) => element.addEventListener(type, listener, { signal: done.signal });
    on('error', ({ detail }) => end(() => reject(detail)));
    // The first frame's number is not known: there is a video to watch only when that is looked at.
    on('statechange', ({ detail }) => {
      if (detail.state === 'running') watch(element.shadowRoot.querySelector('video'));
    });
    on('keypoints', ({ detail }) => {
      // The element's time is the one that the video's frame came with.
      const frame = numbers.get(detail.timestamp);
      if (frame === undefined) return;
      const shown = [...numbers.values()].at(-1);
      const faces = detail.faces.map(({ id, keypoints, box }) => ({ id, keypoints: [...keypoints], box }));
      const before = seen.at(-1)?.frame;
      const over = before !== undefined && frame < before;
      if (!over) seen.push({ frame, shown, faces });
      if (over || frame === frames - 1) end(() => resolve({ given: given(), seen }));
    });
    const watch = (video) => {
      const note = (now) => {
        context.drawImage(video, 0, 0, STAMP.width, STAMP.height, 0, 0, STAMP.width, STAMP.height);
        const { data, width } = context.getImageData(0, 0, STAMP.width, STAMP.height);
        const number = readStamp({ data, width, channels: 4 });
        if (number !== undefined) numbers.set(now, number);
        if (!done.signal.aborted) video.requestVideoFrameCallback(note);
      };
      video.requestVideoFrameCallback(note);
    };
    element.camera = true;
  });
};
