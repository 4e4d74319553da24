import 'face-keypoints/define';
import { describe } from '../describe.js';

const face = document.querySelector('face-keypoints');
const result = document.querySelector('#result');

face.addEventListener('keypoints', ({ detail }) => {
  result.textContent = describe(detail.faces);
});
face.addEventListener('error', ({ detail }) => {
  result.textContent = detail.message;
});

document.querySelector('#camera').addEventListener('click', () => {
  face.camera = face.mirror = !face.camera;
});
