/** The frame of a page: header, contents, text, what is on the page. It works without scripts. */
import { POLICY } from '../page.mjs';
import { escapeHtml } from './highlight.mjs';

/**
 * @param {object} page
 * @param {string} page.file its name within docs/, such as `examples/react.html`
 * @param {string} page.title
 * @param {string} page.html
 * @param {{id: string, text: string}[]} page.headings
 * @param {{title: string, pages: {file: string, title: string, label?: string}[]}[]} sections of the site; `label`: a page's name in the contents
 * @param {{style: string, script?: string}} assets within dist/
 */
export function renderPage({ file, title, html, headings }, sections, { style, script }) {
  const up = '../'.repeat(file.split('/').length);
  const link = (target) => `${'../'.repeat(file.split('/').length - 1)}${target}`;
  const pages = sections.flatMap((section) => section.pages);
  const at = pages.findIndex((page) => page.file === file);
  const contents = sections.map(
    (section) => `<h2>${section.title}</h2>
<ul>${section.pages
      .map(
        (page) =>
          `<li><a href="${link(page.file)}"${page.file === file ? ' aria-current="page"' : ''}>${page.label ?? page.title}</a></li>`,
      )
      .join('')}</ul>`,
  );
  const step = (page, label, rel) =>
    page
      ? `<a rel="${rel}" href="${link(page.file)}"><small>${label}</small> ${page.label ?? page.title}</a>`
      : '<span></span>';
  const wide = headings.length > 1;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">
<title>${title} – face-keypoints</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${up}icons/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}${style}">
${script ? `<script type="module" src="${up}${script}"></script>` : ''}
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header>
<a class="brand" href="${link('index.html')}"><img src="${up}icons/icon.svg" width="28" height="28" alt="">face-keypoints</a>
<a class="open" href="${up}index.html">Open the demo</a>
</header>
<div class="columns">
<nav class="contents" aria-label="Documentation">
<details><summary>Contents</summary>
<div tabindex="0">${contents.join('\n')}</div>
</details>
</nav>
<main id="text" tabindex="-1">
<article>
${html}
</article>
<nav class="steps" aria-label="Next and previous">
${step(pages[at - 1], 'Previous', 'prev')}
${step(pages[at + 1], 'Next', 'next')}
</nav>
</main>
${
  wide
    ? `<nav class="here" aria-label="On this page"><h2>On this page</h2>
<ul>${headings.map(({ id, text }) => `<li><a href="#${id}">${text}</a></li>`).join('')}</ul></nav>`
    : ''
}
</div>
</body>
</html>
`;
}
