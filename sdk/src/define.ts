import { FaceKeypointsElement } from './element/face-keypoints.ts';

// A second copy of this module must not break the page; on a server there is nothing to register.
if (typeof customElements !== 'undefined' && !customElements.get('face-keypoints')) {
  customElements.define('face-keypoints', FaceKeypointsElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'face-keypoints': FaceKeypointsElement;
  }
}

export { FaceKeypointsElement };
export type {
  ElementState,
  ElementStats,
  FaceKeypointsEventDetails,
  FaceKeypointsEventMap,
} from './element/events.ts';
export type { ElementSource } from './element/media/media.ts';
export type { OverlayStyle } from './drawing/overlay.ts';
export type { SnapshotOptions } from './element/snapshot.ts';
export type { CameraResolution } from './input/camera.ts';
