/**
 * What an attribute or property may hold. Each parser takes whatever comes (frameworks set properties to strings, null
 * and undefined), says once what is no good and which values are, and gives a fallback. None throws.
 */
import { isAddress, MODELS, type ModelOption } from '../runtime/model-choice.ts';
import { checkSmoothing, type SmoothingOptions } from '../smoothing/one-euro.ts';

export type Parser<T> = (value: unknown) => T;

/** A parser that knows what an attribute may say; the first is the default. `open`: other text may be right too. */
export type ChoiceParser<T> = Parser<T> & { readonly choices: readonly string[]; readonly open?: boolean };

const warned = new Set<string>();

function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`<face-keypoints>: ${message}`);
}

/** One of `choices`; the first of them where there is none or a wrong one. `others`: what a warning adds to them. */
export function choice<const T extends string>(
  attribute: string,
  choices: readonly [T, ...T[]],
  others = '',
): ChoiceParser<T> {
  const parse = (value: unknown): T => {
    if (value === null || value === undefined) return choices[0];
    const text = String(value).trim().toLowerCase();
    const found = choices.find((name) => name === text);
    if (found === undefined)
      warnOnce(
        `unknown ${attribute} "${String(value)}", using "${choices[0]}". Use one of: ${choices.join(', ')}${others}.`,
      );
    return found ?? choices[0];
  };
  return Object.assign(parse, { choices });
}

/** The name of a model, its address, or a model that is no text; null where there is none. */
export function model(attribute: string): ChoiceParser<ModelOption | null> {
  const choices = ['auto', ...MODELS] as const;
  const name = choice(attribute, choices, '; or the address of a model.json or its folder');
  const parse = (value: unknown): ModelOption | null => {
    if (typeof value !== 'string') return (value as ModelOption | undefined) ?? null;
    return isAddress(value) ? value : name(value);
  };
  return Object.assign(parse, { choices, open: true });
}

/** A whole number from 1. */
export function count(attribute: string, fallback: number): Parser<number> {
  return (value) => {
    if (value === null || value === undefined) return fallback;
    const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
    if (Number.isInteger(number) && number >= 1) return number;
    warnOnce(`${attribute} must be a whole number from 1, not "${String(value)}", using ${fallback}.`);
    return fallback;
  };
}

/** `on` (also as an attribute without a value), `off`, or the filter's own options. */
export function smoothing(attribute: string): ChoiceParser<boolean | SmoothingOptions> {
  const choices = ['on', 'off'] as const;
  const onOff = choice(attribute, choices);
  const parse = (value: unknown): boolean | SmoothingOptions => {
    if (typeof value === 'boolean') return value;
    // Frameworks write booleans as text; an attribute without a value is on.
    if (value === '' || value === 'true') return true;
    if (value === 'false') return false;
    if (typeof value !== 'object' || value === null) return onOff(value) === 'on';
    try {
      checkSmoothing(value);
      return value;
    } catch (error) {
      warnOnce(`${(error as Error).message} Using "on".`);
      return true;
    }
  };
  return Object.assign(parse, { choices });
}

/** Present or not. Frameworks that render on a server write `false` as text: that is off, or it would light a camera. */
export const flag: Parser<boolean> = (value) => value === '' || (value !== 'false' && Boolean(value));

/** A value that may be missing. */
export const optional: Parser<unknown> = (value) => value ?? null;
