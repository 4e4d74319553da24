/** The live examples: each a folder of docs/examples, whose files are both run and shown. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { codeBlock, renderMarkdown } from './markdown.mjs';

/** `files`: shown in this order, the script that starts it second. */
export const EXAMPLES = [
  {
    name: 'plain',
    title: 'Plain HTML',
    text: 'The element, and a listener. Without a bundler the script would import `/face-keypoints/browser/define.js`; see [Getting started](../getting-started.md).',
    files: ['index.html', 'main.js'],
  },
  {
    name: 'react',
    title: 'React',
    text: '`face-keypoints/react` has the element as a component: properties are props, events are `on…`. `onFaceError` is its `error` event.',
    files: ['index.html', 'main.jsx', 'App.jsx'],
  },
  {
    name: 'vue',
    title: 'Vue',
    text: "Vue sets properties and listens to events of custom elements by itself; the compiler must be told that the tag is one: `isCustomElement: (tag) => tag === 'face-keypoints'`.",
    files: ['index.html', 'main.js', 'App.vue'],
  },
  {
    name: 'svelte',
    title: 'Svelte',
    text: 'Svelte knows custom elements: attributes that are properties are set as such, and `onkeypoints` listens.',
    files: ['index.html', 'main.js', 'App.svelte'],
  },
  {
    name: 'worker',
    title: 'Own worker',
    text: 'The headless tracker in a module worker of yours: frames go over as `ImageBitmap`s, faces come back. Where a worker of your own is not needed, [`createTracker`](../worker.md) starts one for you.',
    files: ['index.html', 'main.js', 'tracker.worker.js'],
  },
  {
    name: 'own-model',
    title: 'Own model',
    text: 'Choose a `model.json` together with its weights, as `npm run export` writes them ([Models](../own-model.md#train-one)). They are checked, and stay on this device.',
    files: ['index.html', 'main.js'],
  },
];

export const entryOf = (name) => EXAMPLES.find((example) => example.name === name).files[1];

/** The example at work, and its source beside it. */
export async function renderExample({ name, title, text, files }, root) {
  const folder = join(root, 'docs/examples', name);
  const read = (file) => readFile(join(folder, file), 'utf8');
  const listings = await Promise.all(
    [...files, '../describe.js'].map(async (file) => {
      const language = extname(file).slice(1);
      return `<h3>${file.replace('../', '')}</h3>\n${codeBlock(await read(file), language)}`;
    }),
  );
  const intro = renderMarkdown(`# ${title}\n\n${text}`);
  const html = `${intro.html}
<div class="example">
<section class="demo" aria-labelledby="live"><h2 id="live">Live</h2>
${await read('index.html')}</section>
<section class="sources" aria-labelledby="source"><h2 id="source">Source</h2>
${listings.join('\n')}</section>
</div>`;
  return { title, html, headings: [] };
}

/** A list of all examples. */
export function renderExampleList() {
  const items = EXAMPLES.map(({ name, title, text }) => `- [${title}](${name}.md). ${text}`);
  return renderMarkdown(
    `# Live examples\n\nEach runs on this page's own files, on a drawn face; the camera only on a click. A test opens every one of them.\n\n${items.join('\n')}`,
  );
}
