/** Frames that the browser does not give out: one is left out, a stream of nothing else is told. */
import type { FaceKeypointsElement } from '../../sdk/src/define.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera } from './camera.ts';
import { assert, createElement, equal, movingPicture, next, picture, sleep, until } from './support.ts';

/** Where frames are read: out of a canvas on the page's thread, as a VideoFrame for a worker. */
interface Reading {
  /** How many reads were tried. */
  readonly tries: number;
  /** Decides by its number, from 1, whether a read fails. */
  fails: (attempt: number) => boolean;
  restore(): void;
}

function watchReading(): Reading {
  const { prototype } = OffscreenCanvasRenderingContext2D;
  const { getImageData } = prototype;
  const { VideoFrame } = window;
  let tries = 0;
  const attempt = (): void => {
    if (reading.fails(++tries)) throw new DOMException('as a test', 'InvalidStateError');
  };
  prototype.getImageData = function (...args: Parameters<typeof getImageData>) {
    attempt();
    return getImageData.apply(this, args);
  };
  window.VideoFrame = new Proxy(VideoFrame, {
    construct(target, args) {
      attempt();
      return Reflect.construct(target, args) as VideoFrame;
    },
  });
  const reading: Reading = {
    get tries() {
      return tries;
    },
    fails: () => false,
    restore() {
      prototype.getImageData = getImageData;
      window.VideoFrame = VideoFrame;
    },
  };
  return reading;
}

const create = (fields: Partial<FaceKeypointsElement>): FaceKeypointsElement =>
  createElement({ model: fakeLandmarkModel(), assets: '/sdk', ...fields });

describe('<face-keypoints> with frames that cannot be read', () => {
  let reading: Reading;
  let errors: string[];
  let frames: number;

  beforeEach(() => {
    reading = watchReading();
    errors = [];
    frames = 0;
  });
  afterEach(() => {
    reading.restore();
    document.body.replaceChildren();
  });

  function watch(element: FaceKeypointsElement): void {
    element.addEventListener('keypoints', () => void frames++);
    element.addEventListener('error', ({ detail }) => errors.push(detail.code));
    document.body.append(element);
  }

  for (const worker of ['off', 'auto'] as const) {
    const place = worker === 'off' ? 'on the page’s thread' : 'in a worker';

    it(`leaves one out and follows the same face on, ${place}`, async () => {
      const { stream, end } = await movingPicture();
      try {
        const element = create({ worker, source: stream });
        const ids = new Set<number>();
        element.addEventListener('keypoints', ({ detail }) => detail.faces.forEach(({ id }) => ids.add(id)));
        watch(element);
        await until(() => ids.size > 0, 'a face');
        equal(element.stats.worker, worker === 'auto', 'in a worker');
        const bad = reading.tries + 1;
        reading.fails = (attempt) => attempt === bad;
        const before = frames;
        await until(() => reading.tries > bad && frames > before + 2, 'frames after it');
        equal(errors.join(), '', 'errors');
        equal(element.state, 'running');
        equal([...ids].join(), [...ids][0]!.toString(), 'ids');
      } finally {
        end();
      }
    });

    it(`ends with an error when all are such, and tries no more, ${place}`, async () => {
      const camera = watchCamera();
      try {
        const element = create({ worker, camera: true });
        watch(element);
        await until(() => frames > 1, 'frames');
        const before = reading.tries;
        reading.fails = () => true;
        const failed = await next(element, 'error', 20_000);
        equal(failed.code, 'input-invalid');
        equal(element.state, 'error');
        assert(reading.tries - before > 1, 'more than one is tried');
        equal(camera.tracks.map(({ readyState }) => readyState).join(), 'ended', 'the camera');
        const tries = reading.tries;
        await sleep(300);
        equal(reading.tries, tries, 'tries after the end');
        equal(errors.length, 1, 'errors');
        // It has not become useless.
        reading.fails = () => false;
        const again = next(element, 'keypoints');
        await element.start();
        await again;
      } finally {
        camera.restore();
      }
    });
  }

  it('begins with the first that can be read', async () => {
    const { stream, end } = await movingPicture();
    try {
      reading.fails = (attempt) => attempt <= 3;
      const element = create({ source: stream });
      const started = next(element, 'keypoints');
      watch(element);
      equal((await started).faces.length, 1, 'faces');
      assert(reading.tries > 3, 'the first were tried');
    } finally {
      end();
    }
  });

  it('tells of a stream of which none can be read', async () => {
    const { stream, end } = await movingPicture();
    try {
      reading.fails = () => true;
      const element = create({ source: stream });
      const failed = next(element, 'error');
      watch(element);
      equal((await failed).code, 'input-invalid');
      equal(frames, 0, 'frames');
    } finally {
      end();
    }
  });

  it('tells at once of a picture, or a video that stands still: no other frame would come', async () => {
    reading.fails = () => true;
    const { stream, end } = await movingPicture();
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
    try {
      await video.play();
      video.pause();
      for (const source of [await picture(), video]) {
        const before = reading.tries;
        const element = create({ source });
        const failed = next(element, 'error', 5000);
        watch(element);
        equal((await failed).code, 'input-invalid');
        equal(reading.tries - before, 1, 'tries');
        element.remove();
      }
    } finally {
      end();
    }
  });
});
