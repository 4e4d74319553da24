import { html, type TemplateResult } from 'lit';

/** Up to so many characters a name has room on two lines of a phone. */
const SHORT = 16;
/** The end of a longer one, letters with their accents: it tells apart what begins alike, and what kind of file it is. */
const END = /(?:\P{M}\p{M}*){8}$/u;

/** A file's name; a long one in two parts, of which styles may cut the first. Whoever shows it offers the whole as well. */
export function shownName(name: string): TemplateResult {
  const at = name.length > SHORT ? name.search(END) : -1;
  if (at <= 0) {
    // Where it has no room on one line, the ending goes to the next whole.
    const dot = Math.max(0, name.lastIndexOf('.'));
    return html`<span class="name">${name.slice(0, dot)}<wbr />${name.slice(dot)}</span>`;
  }
  return html`<span class="name long" dir="auto"
    ><span>${name.slice(0, at)}</span><span>${name.slice(at)}</span></span
  >`;
}
