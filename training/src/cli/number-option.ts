/**
 * A whole number.
 * @param least the smallest that will do
 * @throws Error naming the option
 */
export function count(option: string, text: string, least = 1): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${option} is a whole number from ${least} on, not "${text}"`);
}

/** @throws Error naming the option */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${option} should be a number above zero, not "${text}"`);
}
