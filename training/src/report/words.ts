export function namesOf(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

export function listed(record: object): string {
  return Object.entries(record as Record<string, number>)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

export function percent(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} %`;
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
