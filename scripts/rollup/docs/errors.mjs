/** The table of error codes; one that is not explained here stops the build. */
import { ERRORS } from '../../../docs/data/errors.mjs';
import { inline, table } from './markdown.mjs';

export function errorParts({ ERROR_CODES }) {
  const missing = ERROR_CODES.filter((code) => !(code in ERRORS));
  const unknown = Object.keys(ERRORS).filter((code) => !ERROR_CODES.includes(code));
  if (missing.length || unknown.length)
    throw new Error(`docs/data/errors.mjs: missing ${missing.join(', ')}; unknown ${unknown.join(', ')}`);
  return {
    errors: table(
      ['code', 'when, and what to do'],
      ERROR_CODES.map((code) => {
        const [when, remedy] = ERRORS[code];
        return [`<code class="term">${code}</code>`, `<p>${inline(when)}</p><p>${inline(remedy)}</p>`];
      }),
    ),
  };
}
