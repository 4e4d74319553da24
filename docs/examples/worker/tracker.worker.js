import { FaceTracker } from 'face-keypoints';

// On this thread, which is the worker's own.
const tracker = FaceTracker.create();

addEventListener('message', async ({ data: { bitmap, timestamp } }) => {
  try {
    const faces = await (await tracker).track(bitmap, timestamp);
    postMessage({ faces });
  } catch (error) {
    postMessage({ faces: [], message: error.message });
  } finally {
    bitmap.close();
  }
});
