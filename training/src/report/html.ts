/** Markup that needs no escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | undefined | Html | readonly (Html | undefined)[];

/** A template whose values are escaped, unless they are markup themselves. `undefined` leaves nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, i) => text + render(values[i - 1]) + string));
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map((each) => each?.text ?? '').join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
