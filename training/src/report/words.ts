export function namesOf(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

export function listed(record: object): string {
  return Object.entries(record as Record<string, number>)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Whether a figure is one: of nothing there is none, which is NaN, and null once read back from JSON. */
export function isKnown(value: number | null | undefined): value is number {
  return Number.isFinite(value);
}

/** A dash where there is no figure. */
export function fixed(value: number | null | undefined, digits: number): string {
  return isKnown(value) ? value.toFixed(digits) : '–';
}

export function percent(value: number | null | undefined): string {
  return isKnown(value) ? `${value.toFixed(value < 10 ? 2 : 1)} %` : '–';
}

export function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function minutes(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
}
