/** `count` of `all` at even distances; where there are fewer, each several times in a row. */
export function spreadOut<T>(all: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}
