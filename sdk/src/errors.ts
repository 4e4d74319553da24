/** Every way in which this package fails; a program can switch on it. */
export const ERROR_CODES = [
  'camera-denied',
  'camera-missing',
  'camera-busy',
  'insecure-context',
  'model-corrupt',
  'model-missing',
  'model-unsupported',
  'backend-unavailable',
  'device-lost',
  'input-invalid',
  'option-invalid',
  'tracker-closed',
  'unexpected',
] as const;

export type FaceKeypointsErrorCode = (typeof ERROR_CODES)[number];

/** The one error class of this package. `message` says what to do, `cause` holds what the platform threw. */
export class FaceKeypointsError extends Error {
  readonly code: FaceKeypointsErrorCode;

  constructor(code: FaceKeypointsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FaceKeypointsError';
    this.code = code;
  }
}
