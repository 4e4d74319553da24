/** The API reference: typedoc reads the docstrings, this writes them down by topic. */
import { join } from 'node:path';
import { Application, ReflectionKind, TSConfigReader } from 'typedoc';
import { renderMarkdown, slug, table } from './markdown.mjs';
import { linked, signatureOf, typeText } from './types.mjs';

/** In which part of the page an export is told of, by the folder of its source. */
const TOPICS = [
  ['Tracking', /\/(tracker|face|tracking\/.*|worker\/.*|detector\/.*)\.ts$/],
  ['Element', /\/element\//],
  ['Landmarks, pose, expression', /\/landmarks\/(?!network|fold)/],
  ['Drawing', /\/drawing\//],
  ['Smoothing', /\/smoothing\//],
  ['Input', /\/input\//],
  ['Recording', /\/recording\//],
  ['Models, backends, files', /\/(assets|runtime\/.*|landmarks\/(network|fold))\.ts$/],
  ['Crops', /\/crop\//],
  ['Errors', /\/errors\.ts$/],
  ['Node', /\/node\//],
  ['Other', /./],
];
/** First what is done, then what it is done with. */
const KINDS = [
  ReflectionKind.Class,
  ReflectionKind.Function,
  ReflectionKind.Interface,
  ReflectionKind.TypeAlias,
  ReflectionKind.Variable,
];
/** The element's class has a page of its own, made from its manifest. */
const ELEMENT = 'FaceKeypointsElement';

/** Besides the page, `names`: what it tells of, each at the anchor of its name. */
export async function renderApi(root) {
  const app = await Application.bootstrap(
    {
      entryPoints: ['index', 'element/index', 'node/index'].map((name) => join(root, `sdk/src/${name}.ts`)),
      tsconfig: join(root, 'tsconfig.json'),
      skipErrorChecking: true,
      excludePrivate: true,
      excludeProtected: true,
      excludeExternals: true,
      disableGit: true,
      displayBasePath: root,
      sourceLinkTemplate: '{path}',
      logLevel: 'Error',
    },
    [new TSConfigReader()],
  );
  const project = await app.convert();
  if (!project) throw new Error('docs: typedoc could not read the SDK');
  const exported = app.serializer
    .projectToObject(project, root)
    .children.flatMap(({ children }) => children)
    // What two entries export is told of once.
    .filter(({ name, variant }) => name !== ELEMENT && variant !== 'reference');
  const names = new Set(exported.map(({ name }) => name));
  const headings = [];
  const html = ['<h1>API reference</h1>', renderMarkdown(INTRO).html];
  const left = new Set(exported);
  for (const [topic, pattern] of TOPICS) {
    const here = exported
      .filter((item) => left.has(item) && pattern.test(item.sources?.[0]?.fileName ?? ''))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name));
    if (!here.length) continue;
    const id = slug(topic);
    headings.push({ id, text: topic });
    html.push(`<h2 id="${id}">${topic}</h2>`, ...here.map((item) => renderExport(item, names)));
    for (const item of here) left.delete(item);
  }
  return { title: 'API reference', html: html.join('\n'), headings, names };
}

const INTRO =
  'Of `face-keypoints`, under [Element](#element) the types of `face-keypoints/element`, and under [Node](#node) of `face-keypoints/node`; ' +
  'made from the docstrings. The element itself has [a page of its own](element.md). ' +
  'Importing has no side effects: tfjs loads when the first tracker is created.';

const kindName = (kind) =>
  ({
    [ReflectionKind.Class]: 'class',
    [ReflectionKind.Function]: 'function',
    [ReflectionKind.Interface]: 'interface',
    [ReflectionKind.TypeAlias]: 'type',
    [ReflectionKind.Variable]: 'constant',
  })[kind];

function renderExport(item, names) {
  const others = new Set([...names].filter((name) => name !== item.name));
  const signature = (text) =>
    `<pre class="signature" tabindex="0"><code>${linked(text, others)}</code></pre>`;
  const parts = [`<h3 id="${item.name}">${item.name} <small>${kindName(item.kind)}</small></h3>`];
  const comment = item.comment ?? item.signatures?.[0]?.comment;
  if (item.signatures) parts.push(...item.signatures.map((one) => signature(signatureOf(item.name, one))));
  else if (item.kind === ReflectionKind.TypeAlias)
    parts.push(signature(`type ${item.name} = ${typeText(item.type)}`));
  else if (item.kind === ReflectionKind.Variable)
    parts.push(signature(`const ${item.name}: ${typeText(item.type)}`));
  parts.push(renderComment(comment, item.signatures?.[0]?.parameters));
  const members = (item.children ?? []).filter(
    ({ name, inheritedFrom }) => !inheritedFrom || name === 'code',
  );
  if (members.length)
    parts.push(
      table(
        ['member', ''],
        members.map((member) => renderMember(member, others)),
      ),
    );
  return `<section class="export">${parts.filter(Boolean).join('\n')}</section>`;
}

function renderMember(member, names) {
  const { name, flags, type, signatures, getSignature, comment } = member;
  const call = signatures?.[0] ?? getSignature;
  const isStatic = flags?.isStatic ? 'static ' : '';
  const text = signatures
    ? `${isStatic}${signatureOf(name === 'constructor' ? 'new' : name, call)}`
    : `${isStatic}${name}${flags?.isOptional ? '?' : ''}: ${typeText(type ?? call?.type)}`;
  return [`<code>${linked(text, names)}</code>`, renderComment(comment ?? call?.comment, call?.parameters)];
}

const markdownOf = (fragments = []) => fragments.map(({ text }) => text).join('');

/** The docstring, then parameters that say something, what comes back, and what is thrown. */
function renderComment(comment, parameters = []) {
  if (!comment && !parameters.some((one) => one.comment)) return '';
  const lines = [markdownOf(comment?.summary)];
  for (const { name, comment: about } of parameters) {
    if (about) lines.push(`\`${name}\`: ${markdownOf(about.summary)}`);
  }
  const labels = { '@returns': 'Returns', '@throws': 'Throws' };
  for (const { tag, content } of comment?.blockTags ?? []) {
    if (labels[tag]) lines.push(`${labels[tag]}: ${markdownOf(content)}`);
  }
  return renderMarkdown(lines.join('\n\n')).html;
}
