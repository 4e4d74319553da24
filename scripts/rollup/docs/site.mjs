/** All pages of the documentation, in the order in which they are read. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { importSource } from '../import-source.mjs';
import { renderApi } from './api.mjs';
import { elementTables } from './element-tables.mjs';
import { errorParts } from './errors.mjs';
import { EXAMPLES, renderExample, renderExampleList } from './examples.mjs';
import { landmarkParts } from './landmark-parts.mjs';
import { codeBlock, renderMarkdown } from './markdown.mjs';
import { renderPage } from './template.mjs';

const GUIDE = [
  'getting-started',
  'element',
  'tracker',
  'worker',
  'frameworks',
  'landmarks',
  'smoothing',
  'expression-and-pose',
  'own-model',
  'errors',
  'privacy',
  'browsers',
  'performance',
];
const RECIPES = [
  'recording.md',
  'many-pictures.md',
  'gnu-parallel.sh',
  'slurm-array.sh',
  'kubernetes-indexed-job.yaml',
];
const MIGRATION = ['from-face-api', 'from-human', 'from-mediapipe', 'point-indices'];

/**
 * @param {{root: string, style: string, scriptOf: (example: string) => string}} options the repository, and what the
 *   build has made of style sheet and examples (paths within dist/)
 * @returns {Promise<Map<string, string>>} HTML by file within docs/
 */
export async function renderSite({ root, style, scriptOf }) {
  const sdk = await importSource(join(root, 'sdk/src/index.ts'));
  const api = await renderApi(root);
  const parts = { ...(await elementTables(root, api.names)), ...landmarkParts(sdk), ...errorParts(sdk) };
  const markdown = async (path) => renderMarkdown(await readFile(join(root, path), 'utf8'), parts);
  const guide = async (name) => ({ file: `${name}.html`, ...(await markdown(`docs/guide/${name}.md`)) });
  const overview = async () => ({ ...(await guide('index')), label: 'Overview' });
  const recipe = async (name) => ({
    file: `${basename(name, extname(name))}.html`,
    ...(extname(name) === '.md' ? await markdown(`docs/recipes/${name}`) : await listing(root, name)),
  });
  const example = async (entry) => ({
    file: `examples/${entry.name}.html`,
    script: scriptOf(entry.name),
    ...(await renderExample(entry, root)),
  });
  const all = (list, render) => Promise.all(list.map(render));
  const sections = [
    { title: 'Guide', pages: [await overview(), ...(await all(GUIDE, guide))] },
    {
      title: 'Live examples',
      pages: [
        { file: 'examples/index.html', ...renderExampleList(), label: 'All' },
        ...(await all(EXAMPLES, example)),
      ],
    },
    { title: 'Recipes', pages: await all(RECIPES, recipe) },
    { title: 'Coming from', pages: await all(MIGRATION, guide) },
    {
      title: 'Reference',
      pages: [
        { file: 'api.html', ...api },
        { file: 'model-card.html', ...(await modelCard(root, 'resnet18')) },
        { file: 'model-card-lite.html', ...(await modelCard(root, 'lite')) },
      ],
    },
  ];
  return new Map(
    sections
      .flatMap(({ pages }) => pages)
      .map((page) => [page.file, renderPage(page, sections, { style, script: page.script })]),
  );
}

/** A script of the recipes, to read and to copy. */
async function listing(root, name) {
  const source = await readFile(join(root, 'docs/recipes', name), 'utf8');
  return {
    title: name,
    headings: [],
    html: `<h1>${name}</h1>\n${codeBlock(source, extname(name).slice(1))}`,
  };
}

async function modelCard(root, name) {
  const card = await readFile(join(root, 'public/models', name, 'card.md'), 'utf8');
  return renderMarkdown(card.replace(/^# (.*)/, '# Model card: $1'));
}
