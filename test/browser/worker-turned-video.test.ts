/** A video file that says it is to be shown upside down, as phones that are held so write it. */
import { FaceTracker, WorkerTracker, type TrackerOptions } from '../../sdk/src/index.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { assert, DETECTOR, equal, picture, sleep, WASM } from './support.ts';

const WORKER = '/sdk/browser/worker.js';
const FORMAT = 'video/mp4;codecs=vp9';
const SIZE = 320;

const options: TrackerOptions = {
  backend: 'wasm',
  model: fakeLandmarkModel(),
  detector: DETECTOR,
  wasmPath: WASM,
};

/** The example, upside down, as an MP4. */
async function upsideDown(): Promise<Uint8Array<ArrayBuffer>> {
  const image = await createImageBitmap(await picture());
  const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE });
  const context = canvas.getContext('2d')!;
  context.setTransform(-1, 0, 0, -1, SIZE, SIZE);
  const timer = setInterval(() => context.drawImage(image, 0, 0, SIZE, SIZE), 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: FORMAT });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  await sleep(600);
  recorder.stop();
  await stopped;
  clearInterval(timer);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Half a turn into the matrix of the track's header (ISO 14496-12, `tkhd`). */
function turn(mp4: Uint8Array<ArrayBuffer>): void {
  const at = new TextDecoder('latin1').decode(mp4).indexOf('tkhd');
  assert(at > 0, 'no track header');
  const view = new DataView(mp4.buffer);
  // Version 1 has 64-bit times.
  const matrix = at + 4 + (view.getUint8(at + 4) === 1 ? 52 : 40);
  equal(view.getInt32(matrix + 32), 0x40000000, 'last number of the matrix');
  view.setInt32(matrix, -0x10000);
  view.setInt32(matrix + 16, -0x10000);
  view.setInt32(matrix + 24, SIZE << 16);
  view.setInt32(matrix + 28, SIZE << 16);
}

/** As browsers had it at first: frames lie as they were recorded, and do not say how they are to be turned. */
function forgetRotation(): () => void {
  const { VideoFrame } = window;
  const rotation = Object.getOwnPropertyDescriptor(VideoFrame.prototype, 'rotation');
  if (!rotation) return () => undefined;
  window.VideoFrame = new Proxy(VideoFrame, {
    construct: (target, args) => {
      const frame = Reflect.construct(target, args) as VideoFrame;
      const turned = rotation.get!.call(frame) as number;
      if (!turned) return frame;
      const back = new target(frame, { rotation: 360 - turned } as VideoFrameInit);
      frame.close();
      return back;
    },
  });
  Reflect.deleteProperty(VideoFrame.prototype, 'rotation');
  return () => {
    window.VideoFrame = VideoFrame;
    Object.defineProperty(VideoFrame.prototype, 'rotation', rotation);
  };
}

describe('a tracker in a worker, of a video file that is turned', () => {
  async function compare(test: MochaTest): Promise<void> {
    if (!MediaRecorder.isTypeSupported(FORMAT)) {
      console.log(`skipped: this browser records no ${FORMAT}`);
      test.skip();
    }
    const file = await upsideDown();
    turn(file);
    const video = Object.assign(document.createElement('video'), { muted: true });
    video.src = URL.createObjectURL(new Blob([file], { type: 'video/mp4' }));
    await video.play();
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    video.pause();
    const [here, there] = await Promise.all([
      FaceTracker.create(options),
      WorkerTracker.create({ ...options, worker: WORKER }),
    ]);
    try {
      const [expected] = await here.detect(video);
      assert(expected, 'a face on the page');
      const [face] = await there.detect(video);
      assert(face, 'a face in the worker');
      const worst = face.keypoints.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - expected.keypoints[i]!)),
        0,
      );
      assert(worst < 3, `keypoints differ by ${worst} px`);
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  }

  it('sees it upright, as it is shown', async function () {
    await compare(this);
  });

  it('also where frames do not say that they are to be turned', async function () {
    const restore = forgetRotation();
    try {
      await compare(this);
    } finally {
      restore();
    }
  });
});
