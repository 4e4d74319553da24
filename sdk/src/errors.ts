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
  // What should not happen; `cause` holds what the platform threw.
  'unexpected',
] as const;

export type FaceKeypointsErrorCode = (typeof ERROR_CODES)[number];

/** The error itself if it is one of ours, else an `unexpected` one with it as its cause. `doing` ends the sentence "… failed". */
export function toFaceKeypointsError(cause: unknown, doing: string, remedy: string): FaceKeypointsError {
  if (cause instanceof FaceKeypointsError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FaceKeypointsError('unexpected', `${doing} failed (${reason}). ${remedy}`, { cause });
}

/** The one error class of this package. `message` says what to do, `cause` holds what the platform threw. */
export class FaceKeypointsError extends Error {
  readonly code: FaceKeypointsErrorCode;

  constructor(code: FaceKeypointsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FaceKeypointsError';
    this.code = code;
  }
}
