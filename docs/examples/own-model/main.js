import { modelFromFiles } from 'face-keypoints';
import 'face-keypoints/define';
import { describe } from '../describe.js';

const face = document.querySelector('face-keypoints');
const files = document.querySelector('#files');
const result = document.querySelector('output');

files.addEventListener('change', async () => {
  try {
    face.model = await modelFromFiles(files.files);
  } catch (error) {
    result.textContent = error.message; // model-missing, model-corrupt, model-unsupported
  }
});

face.addEventListener('keypoints', ({ detail }) => {
  result.textContent = `${face.model ? 'Your model' : 'Built-in model'}: ${describe(detail.faces)}`;
});
face.addEventListener('error', ({ detail }) => {
  result.textContent = detail.message;
});

document.querySelector('#camera').addEventListener('click', () => {
  face.camera = face.mirror = !face.camera;
});
