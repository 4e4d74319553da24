/** Face landmarks without a user interface. Importing this has no side effects; tfjs loads when a tracker is created. */

// Finding faces.
export { createTracker, WorkerTracker, type WorkerTrackerOptions } from './worker/client.ts';
export {
  FaceTracker,
  type Timings,
  type Tracker,
  type TrackerOptions,
  type TrackingOptions,
} from './tracker.ts';
export type { FrameSource } from './input/frame.ts';
export type { Pixels } from './crop/sample.ts';
export { Camera, type CameraOptions } from './input/camera.ts';
export { whyCameraEnded } from './input/camera-end.ts';
export { DEFAULT_SMOOTHING, PointFilter, type SmoothingOptions } from './smoothing/one-euro.ts';
export { ERROR_CODES, FaceKeypointsError, type FaceKeypointsErrorCode } from './errors.ts';

// Where it runs, and on which files.
export { BACKENDS, type BackendName, type BackendOption, type WasmFiles } from './runtime/backend.ts';
export type { RuntimeOptions } from './runtime/runtime.ts';
export type { AssetOptions } from './assets.ts';
export { MODELS, type ModelName, type ModelOption, type ModelsByBackend } from './runtime/model-choice.ts';
export {
  loadModelArtifacts,
  modelFromFiles,
  type LoadOptions,
  type LoadProgress,
  type ModelFiles,
  type ModelSource,
} from './runtime/model-store.ts';
export { MODEL_FORMAT, type LandmarkMetadata } from './landmarks/network.ts';

// What a face is, and what can be said of its landmarks.
export type { Box, Face } from './face.ts';
export {
  CLOSED_GROUPS,
  eyeLineAngle,
  interOcularDistance,
  LANDMARK_COUNT,
  LANDMARK_GROUPS,
  MIRROR,
  OUTER_EYE_CORNERS,
  type LandmarkGroup,
} from './landmarks/schema.ts';
export {
  FACE_REGIONS,
  faceOval,
  landmarkGroup,
  regionPaths,
  type FaceRegion,
  type LandmarkGroupName,
} from './landmarks/regions.ts';
export { estimatePose, type Pose } from './landmarks/pose.ts';
export { frontalize } from './landmarks/frontal.ts';
export {
  expressionLengths,
  measureExpression,
  type Expression,
  type ExpressionLengths,
} from './landmarks/expression.ts';
export { MEAN_FACE, MESH_TRIANGLES } from './landmarks/mean-face.ts';

// Drawing.
export { OVERLAY_STYLES, SPREAD_RADIUS, type OverlayStyle } from './drawing/overlay.ts';
export { toSvg } from './drawing/svg.ts';

// Recording, files and replay.
export { Recorder, type RecorderOptions } from './recording/recorder.ts';
export type { RecordedFace, RecordedFrame } from './recording/frame.ts';
export type { RecordingEncoder } from './recording/codec.ts';
export {
  formatRecording,
  parseRecording,
  readRecording,
  RECORDING_FORMATS,
  RECORDING_MEDIA_TYPES,
  recordingEncoder,
  recordingParts,
  type RecordingFormat,
  type RecordingFormatOptions,
} from './recording/formats.ts';
export { formatPts, parsePts } from './recording/pts.ts';
export { replay, type ReplayOptions } from './recording/replay.ts';

export { sumProgress } from './runtime/sum-progress.ts';

// Crops as the network sees them, for those who train one.
export { cropToImage, imageToCrop, regionOfPoints, type Region } from './crop/region.ts';
export { regionOfDetection } from './crop/detection-region.ts';
export type { Detection } from './detector/blazeface.ts';
export { normalizeCrop, sampleCrop } from './crop/sample.ts';
