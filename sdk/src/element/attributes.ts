const warned = new Set<string>();

/** Says once per message that an attribute's value is no good. */
function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`<face-keypoints>: ${message}`);
}

/** An attribute that takes one of `choices`; anything else warns once and gives the first. */
export function choice<T extends string>(attribute: string, choices: readonly [T, ...T[]]) {
  return (value: string | null): T => {
    if (value === null) return choices[0];
    const found = choices.find((name) => name === value.trim().toLowerCase());
    if (!found)
      warnOnce(
        `unknown ${attribute} "${value}", using "${choices[0]}". Use one of: ${choices.filter(Boolean).join(', ')}.`,
      );
    return found ?? choices[0];
  };
}

/** A whole number from 1; anything else warns once and gives `fallback`. */
export function count(attribute: string, fallback: number) {
  return (value: string | null): number => {
    if (value === null) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1) return number;
    warnOnce(`${attribute} must be a whole number from 1, not "${value}", using ${fallback}.`);
    return fallback;
  };
}

/** On unless it says off. */
export function onOff(attribute: string) {
  const parse = choice(attribute, ['on', 'off', 'true', 'false', '']);
  return (value: string | null): boolean => !['off', 'false'].includes(parse(value));
}
