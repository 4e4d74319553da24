/** FNV-1a, 32 bits, signed: a number of its own for each text. */
export function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value;
}

/** One text in `parts`, always the same ones. */
export function isOneIn(parts: number, text: string): boolean {
  return (hash(text) >>> 0) % parts === 0;
}
