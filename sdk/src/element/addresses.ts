import { FaceKeypointsError } from '../errors.ts';

/**
 * An address as the page means it: a worker has another base. Whatever is no text stays as it is.
 * @param name of the attribute, for the message
 * @throws FaceKeypointsError `option-invalid`
 */
export function resolveAddress<T>(value: T, name: string, base: string, folder = false): T | string {
  if (typeof value !== 'string') return value;
  try {
    return new URL(folder && !value.endsWith('/') ? `${value}/` : value, base).href;
  } catch (cause) {
    throw new FaceKeypointsError(
      'option-invalid',
      `${name} must be an address, relative to the page or absolute, not "${value}".`,
      { cause },
    );
  }
}
