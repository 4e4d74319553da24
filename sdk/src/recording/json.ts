import { LANDMARK_COUNT } from '../landmarks/schema.ts';
import { shortestDouble, type WriteNumbers } from './decimal.ts';
import type { RecordedFace, RecordedFrame } from './frame.ts';

export const RECORDING_FORMAT = 'face-keypoints/recording';
export const RECORDING_VERSION = 1;

/** Tells whoever opens the file what its numbers are. */
export const RECORDING_HEADER = {
  format: RECORDING_FORMAT,
  version: RECORDING_VERSION,
  schema: 'ibug68',
  landmarks: LANDMARK_COUNT,
  coordinates: { unit: 'px', origin: 'top left', pixelCentre: 0.5, order: 'x0, y0, x1, …' },
  keypoints: 'landmarks of each face',
  spread: 'expected error of each landmark, px',
  presence: 'probability that it is a face, 0..1',
  timestamp: 'ms',
} as const;

/** @throws Error with the reason, where a header says that this is not for us */
export function checkHeader(text: string): void {
  const header = parseObject(text);
  if (header.format !== RECORDING_FORMAT) {
    throw new Error(`no header {"format":"${RECORDING_FORMAT}",…}; the file is no recording`);
  }
  if (header.version !== RECORDING_VERSION) {
    throw new Error(
      `version ${String(header.version)}, where this release reads ${RECORDING_VERSION}; update face-keypoints`,
    );
  }
  if (header.schema !== RECORDING_HEADER.schema || header.landmarks !== LANDMARK_COUNT) {
    throw new Error(
      `schema ${String(header.schema)}, where only ${RECORDING_HEADER.schema} with ${LANDMARK_COUNT} landmarks is read`,
    );
  }
}

export function frameToJson(
  { file, timestamp, width, height, faces }: RecordedFrame,
  write: WriteNumbers,
): string {
  const name = file === undefined ? '' : `"file":${JSON.stringify(file)},`;
  return `{${name}"timestamp":${shortestDouble(timestamp)},"width":${width},"height":${height},"faces":[${faces.map((face) => faceToJson(face, write)).join(',')}]}`;
}

function faceToJson({ id, presence, keypoints, spread }: RecordedFace, write: WriteNumbers): string {
  return `{"id":${id},"presence":${shortestDouble(presence)},"keypoints":[${write(keypoints)}],"spread":[${write(spread)}]}`;
}

/** @throws Error with the reason; what the values are is checked by `FrameCheck` */
export function frameFromJson(text: string): RecordedFrame {
  const { file, timestamp, width, height, faces } = parseObject(text);
  if (!Array.isArray(faces)) throw new Error('no list "faces"');
  return {
    timestamp: timestamp as number,
    width: width as number,
    height: height as number,
    faces: faces.map(faceFromJson),
    ...(file !== undefined && { file: file as string }),
  };
}

function faceFromJson(value: unknown): RecordedFace {
  if (!isObject(value)) throw new Error('a face is no object');
  const { id, presence, keypoints, spread } = value;
  return {
    id: id as number,
    keypoints: numbers('keypoints', keypoints),
    spread: numbers('spread', spread),
    presence: presence as number,
  };
}

function numbers(name: string, value: unknown): Float32Array {
  if (!Array.isArray(value)) throw new Error(`no list "${name}"`);
  if (!value.every((item): item is number => typeof item === 'number')) {
    throw new Error(`${name} holds something that is no number`);
  }
  return Float32Array.from(value);
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error('no JSON; the line may have been cut off', { cause });
  }
  if (!isObject(value)) throw new Error('no JSON object');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
