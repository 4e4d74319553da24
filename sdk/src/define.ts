/** Registers `<face-keypoints>`. */
import { FaceKeypointsElement } from './element/index.ts';

// A second copy of this module must not break the page; on a server there is nothing to register.
if (typeof customElements !== 'undefined' && !customElements.get('face-keypoints')) {
  customElements.define('face-keypoints', FaceKeypointsElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'face-keypoints': FaceKeypointsElement;
  }
}

export * from './element/index.ts';
