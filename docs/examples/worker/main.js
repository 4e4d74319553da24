import { describe } from '../describe.js';

const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const result = document.querySelector('output');
const worker = new Worker(new URL('./tracker.worker.js', import.meta.url), { type: 'module' });

/** A frame goes to the worker and is drawn once its faces are there: none waits in a queue. */
async function showFrame(source) {
  const [bitmap, shown] = await Promise.all([createImageBitmap(source), createImageBitmap(source)]);
  worker.postMessage({ bitmap, timestamp: performance.now() }, [bitmap]);
  const { faces, message } = await new Promise((resolve) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true });
  });
  Object.assign(canvas, { width: shown.width, height: shown.height });
  context.drawImage(shown, 0, 0);
  shown.close();
  context.fillStyle = '#3df5a0';
  for (const { keypoints, box } of faces) {
    const radius = Math.max(1.5, box.width / 100);
    for (let i = 0; i < keypoints.length; i += 2) {
      context.beginPath();
      context.arc(keypoints[i], keypoints[i + 1], radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  result.textContent = message ?? describe(faces);
}

const response = await fetch('../../example.jpg');
await showFrame(await response.blob());

let stream;
document.querySelector('#camera').addEventListener('click', async () => {
  if (stream) {
    for (const track of stream.getTracks()) track.stop();
    stream = undefined;
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  } catch (error) {
    result.textContent = error.message;
    return;
  }
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
  video.playsInline = true;
  await video.play();
  while (video.srcObject === stream) await showFrame(video);
});
