/** The class behind `<face-keypoints>`, to extend it or to register it under another name. Importing it registers nothing. */
export { FaceKeypointsElement } from './face-keypoints.ts';
export type {
  ElementState,
  ElementStats,
  FaceKeypointsEventDetails,
  FaceKeypointsEventMap,
} from './events.ts';
export type { ElementSource } from './media/media.ts';
export type { SnapshotOptions } from './snapshot.ts';
export type { OverlayStyle } from '../drawing/overlay.ts';
export type { CameraResolution } from '../input/camera.ts';
