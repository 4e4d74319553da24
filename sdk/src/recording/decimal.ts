/** Six digits tell any two normal float32 apart from their decimal neighbours, so fewer need not be tried. */
const SAFE_DIGITS = 6;
const SMALLEST_NORMAL = 2 ** -126;

/**
 * The shortest decimal that reads back to the same float32: `Math.fround(Number(text))`. Half the length of the double
 * that JavaScript prints for it.
 * @param value a float32 (of a Float32Array); finite
 */
export function shortestFloat32(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const first = Math.abs(value) < SMALLEST_NORMAL ? 1 : SAFE_DIGITS;
  return shortestDecimal(value, first, 9, (decimal) => Math.fround(decimal) === value);
}

/** Writes numbers, with commas between them. */
export type WriteNumbers = (values: Float32Array) => string;

/** Each as `shortestFloat32`. */
export const shortestFloats: WriteNumbers = (values) => Array.from(values, shortestFloat32).join(',');

/** The decimal nearest to `value` with as few digits as `accepts` lets pass. */
export function shortestDecimal(
  value: number,
  fewest: number,
  most: number,
  accepts: (decimal: number) => boolean,
): string {
  for (let digits = fewest; digits < most; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (accepts(decimal)) return String(decimal);
  }
  return String(Number(value.toPrecision(most)));
}

/** A double as the shortest decimal that reads back to it; `String` loses the sign of zero. */
export function shortestDouble(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A decimal as written by the functions above; NaN for anything else ("", "0x1", " 1"). */
export function parseDecimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
}
