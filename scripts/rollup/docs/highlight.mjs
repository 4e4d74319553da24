/** Just enough colour to read code by: comments, strings, tags, keywords. */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);

/** Words longer than this may be broken, and where: before a dot, after an opening or a separator; the longest in their humps. */
const LONG = 16;
const PLACES = /(?=\.\w)|(?<=[(<{/_,|])(?=\w)/;
const VERY_LONG = 22;
const HUMPS = /(?<=[a-z])(?=[A-Z][a-z])/;

/** HTML of a short piece of code, which may be broken where it still reads well. */
export const breakable = (text) =>
  text
    .split(/( )/)
    .flatMap((word) => (word.length > LONG ? [...joined(word.split(PLACES))] : [escapeHtml(word)]))
    .join('');

function* joined(parts) {
  for (const [i, part] of parts.entries()) {
    if (i > 0) yield '<wbr>';
    yield part.length > VERY_LONG ? part.split(HUMPS).map(escapeHtml).join('<wbr>') : escapeHtml(part);
  }
}

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/;
const KEYWORD =
  /\b(?:as|async|await|break|case|catch|class|const|continue|default|else|export|extends|finally|for|from|function|if|import|in|instanceof|interface|let|new|null|of|return|static|switch|this|throw|true|false|try|type|typeof|undefined|while|yield)\b(?!=)/;
const SCRIPT = [
  ['c', /\/\*[^]*?\*\/|(?<=^|\s)\/\/[^\n]*/],
  ['s', STRING],
  ['k', KEYWORD],
];
const MARKUP = [
  ['c', /<!--[^]*?-->/],
  ['t', /<\/?[A-Za-z][\w.-]*|\/?>/],
  ['s', STRING],
  ['k', KEYWORD],
];
const SHELL = [
  ['c', /(?<=^|\s)#[^\n]*/],
  ['s', STRING],
];

const LANGUAGES = {
  js: SCRIPT,
  ts: SCRIPT,
  jsx: [...SCRIPT.slice(0, 1), ['t', /<\/?[A-Za-z][\w.-]*(?=[\s>/])|<\/?>|\/>/], ...SCRIPT.slice(1)],
  html: MARKUP.slice(0, 3),
  vue: MARKUP,
  svelte: MARKUP,
  sh: SHELL,
  yaml: SHELL,
};

/** @returns {string} HTML */
export function highlight(code, language) {
  const rules = LANGUAGES[language];
  if (!rules) return escapeHtml(code);
  const pattern = new RegExp(rules.map(([, { source }]) => `(${source})`).join('|'), 'gm');
  let html = '';
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    const rule = rules[match.slice(1).findIndex((group) => group !== undefined)];
    html += `${escapeHtml(code.slice(end, match.index))}<i class="${rule[0]}">${escapeHtml(match[0])}</i>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}
