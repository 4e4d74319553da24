/** Markdown to the site's HTML: headings that can be linked to, tables and code that scroll by keyboard, links to .html. */
import { Marked } from 'marked';
import { breakable, escapeHtml, highlight } from './highlight.mjs';

export const slug = (text) =>
  text
    .toLowerCase()
    .replace(/<[^>]+>|&\w+;/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** A listing; it takes the focus because it may scroll sideways. */
export const codeBlock = (code, language = '') =>
  `<pre tabindex="0"><code>${highlight(code.trimEnd(), language)}</code></pre>`;

/** Pages of the site are named in Markdown by their sources, so that the links work there too. */
const toPage = (href) => (/^[a-z]+:/i.test(href) ? href : href.replace(/\.(md|sh|yaml)(?=$|#)/, '.html'));

/**
 * @param {string} source
 * @param {Record<string, string>} parts HTML for a paragraph `{{name}}`
 * @returns {{title: string, html: string, headings: {id: string, text: string}[]}} of the second level
 */
export function renderMarkdown(source, parts = {}) {
  const headings = [];
  const used = new Set();
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const text = html.replace(/<[^>]+>/g, '');
        let id = slug(text);
        while (used.has(id)) id += '-2';
        used.add(id);
        if (depth === 1) title ||= text;
        if (depth === 2) headings.push({ id, text });
        return `<h${depth} id="${id}">${html}</h${depth}>\n`;
      },
      code: ({ text, lang }) => `${codeBlock(text, lang)}\n`,
      table(token) {
        const html = (cells) => cells.map(({ tokens }) => this.parser.parseInline(tokens));
        return `${table(html(token.header), token.rows.map(html))}\n`;
      },
      codespan,
      link({ href, tokens }) {
        return `<a href="${escapeHtml(toPage(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
      paragraph({ tokens, text }) {
        const name = /^\{\{([\w-]+)\}\}$/.exec(text.trim())?.[1];
        if (!name) return `<p>${this.parser.parseInline(tokens)}</p>\n`;
        if (!(name in parts)) throw new Error(`docs: there is no part {{${name}}}`);
        return `${parts[name]}\n`;
      },
    },
  });
  const html = marked.parse(source);
  return { title, html, headings };
}

const codespan = ({ text }) => `<code>${breakable(text)}</code>`;

export const inline = (source) => new Marked({ renderer: { codespan } }).parseInline(source);

/**
 * A table that scrolls by itself where it is too wide, by keyboard too, and not the page.
 * @param {string[]} head HTML; all of them empty: no head
 * @param {string[][]} rows HTML
 */
export function table(head, rows) {
  const row = (cells) => `<tr>${cells.join('')}</tr>`;
  // A heading without words is none.
  const heading = row(head.map((text) => (text ? `<th scope="col">${text}</th>` : '<td></td>')));
  const body = rows.map((cells) => row(cells.map((text) => `<td>${text}</td>`))).join('\n');
  const top = head.some(Boolean) ? `<thead>${heading}</thead>` : '';
  return `<div class="scroll" tabindex="0"><table>${top}<tbody>${body}</tbody></table></div>`;
}
