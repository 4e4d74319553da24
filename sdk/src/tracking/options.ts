import { FaceKeypointsError } from '../errors.ts';
import { checkSmoothing, type SmoothingOptions } from '../smoothing/one-euro.ts';

/** What can be changed while a tracker runs. */
export interface TrackingOptions {
  /** Most faces at once, a whole number from 1. */
  readonly maxFaces: number;
  /** `true`: with `DEFAULT_SMOOTHING`. */
  readonly smoothing: boolean | SmoothingOptions;
}

/** What holds where nothing is said. */
export const DEFAULT_TRACKING: TrackingOptions = { maxFaces: 1, smoothing: true };

/**
 * Options after a change; what is left out stays. Those of a new tracker may come with its others.
 * @throws FaceKeypointsError `option-invalid`: a value that cannot be
 */
export function withChanges(now: TrackingOptions, changes: Partial<TrackingOptions>): TrackingOptions {
  const { maxFaces = now.maxFaces, smoothing = now.smoothing } = changes;
  if (!Number.isInteger(maxFaces) || maxFaces < 1) {
    const message = `maxFaces must be a whole number from 1, not ${JSON.stringify(maxFaces) ?? typeof maxFaces}.`;
    throw new FaceKeypointsError('option-invalid', message);
  }
  return { maxFaces, smoothing: typeof smoothing === 'boolean' ? smoothing : onlyNumbers(smoothing) };
}

/** A copy: what the caller does to its object later is no change, and a framework's proxy cannot be sent to a worker. */
function onlyNumbers(options: SmoothingOptions): SmoothingOptions {
  const checked = checkSmoothing(options);
  const given = (Object.keys(checked) as (keyof SmoothingOptions)[]).filter(
    (name) => options[name] !== undefined,
  );
  return Object.fromEntries(given.map((name) => [name, checked[name]]));
}
