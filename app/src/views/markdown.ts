import { html, nothing, type TemplateResult } from 'lit';

/**
 * The Markdown that model cards use, as templates: headings, paragraphs, lists, tables, code, bold, links. Text stays
 * text, whoever wrote it: nothing is ever parsed as HTML, and links lead to https only.
 */
export function markdown(text: string): TemplateResult[] {
  // A front matter is for programs.
  const body = text.replace(/^---\n[\s\S]*?\n---\n/, '');
  return body
    .split(/\n{2,}/)
    .map((block) => block.replace(/^\n+|\s+$/g, ''))
    .filter(Boolean)
    .flatMap(blockOf);
}

function blockOf(block: string): TemplateResult[] {
  const lines = block.split('\n');
  const heading = /^(#{1,6})\s+(.*)$/.exec(lines[0]);
  if (heading) {
    const rest = lines.slice(1).join('\n');
    return [html`<h3>${inline(heading[2])}</h3>`, ...(rest.trim() ? blockOf(rest) : [])];
  }
  if (/^```/.test(lines[0]))
    return [html`<pre tabindex="0">${lines.filter((line) => !/^```/.test(line)).join('\n')}</pre>`];
  if (lines.length > 1 && /^\|?[\s:|-]+$/.test(lines[1]) && lines[0].includes('|')) return [table(lines)];
  if (/^\s*([-*]|\d+\.)\s/.test(lines[0])) return [list(lines)];
  return [html`<p>${inline(lines.join(' '))}</p>`];
}

function list(lines: readonly string[]): TemplateResult {
  const items: string[] = [];
  for (const line of lines) {
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    if (item) items.push(item[1]);
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return html`<ul>
    ${items.map((item) => html`<li>${inline(item)}</li>`)}
  </ul>`;
}

function table([head, , ...rows]: readonly string[]): TemplateResult {
  const cells = (line: string): string[] =>
    line
      .replace(/^\s*\||\|\s*$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  const titles = cells(head);
  return html`
    <div class="table" tabindex="0" role="region" aria-label="Table">
      <table>
        ${
          titles.some(Boolean)
            ? html`<thead>
                <tr>
                  ${titles.map((cell) => (cell ? html`<th scope="col">${inline(cell)}</th>` : html`<td></td>`))}
                </tr>
              </thead>`
            : nothing
        }
        <tbody>
          ${rows.map(
            (line) =>
              html`<tr>
                ${cells(line).map((cell) => html`<td>${inline(cell)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

const SPANS = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\)|<https:\/\/[^>\s]+>)/;

function inline(text: string): (TemplateResult | string)[] {
  return text.split(SPANS).map((part) => {
    if (/^`.+`$/.test(part)) return html`<code>${part.slice(1, -1)}</code>`;
    if (/^\*\*.+\*\*$/.test(part)) return html`<b>${part.slice(2, -2)}</b>`;
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part) ?? /^<()(https:.+)>$/.exec(part);
    if (!link) return part;
    const [, label, address] = link;
    if (!address.startsWith('https://')) return label;
    return html`<a href=${address} target="_blank" rel="noopener noreferrer">${label || address}</a>`;
  });
}
