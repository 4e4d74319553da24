/**
 * What editors and documentation know of `<face-keypoints>`: `custom-elements.json` (Custom Elements Manifest) from its
 * source, and from that `html-custom-data.json` (VS Code) and `web-types.json` (JetBrains).
 */
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importSource } from './import-source.mjs';

/** @param {string} sdk folder of the package; the three files are written into it */
export async function manifest(sdk) {
  const { default: config } = await import(
    pathToFileURL(join(sdk, 'custom-elements-manifest.config.mjs')).href
  );
  const modules = await Promise.all(
    config.globs.map(async (file) =>
      ts.createSourceFile(file, await readFile(join(sdk, file), 'utf8'), ts.ScriptTarget.ES2022, true),
    ),
  );
  const made = create({
    modules,
    plugins: [...litPlugin(), ...config.plugins],
    context: { dev: false, thirdPartyCEMs: [] },
  });
  const [element] = made.modules[0].declarations;
  await nameChoices(element.attributes, sdk);
  const { name, version } = JSON.parse(await readFile(join(sdk, 'package.json'), 'utf8'));
  const write = (file, content) => writeFile(join(sdk, file), `${JSON.stringify(content, null, 2)}\n`);
  await write('custom-elements.json', made);
  await write('html-custom-data.json', vsCode(element));
  await write('web-types.json', jetBrains(element, name, version));
}

/** The types of attributes are what their text may be, which the types of the properties do not always tell. */
async function nameChoices(attributes, sdk) {
  const { CONVERTERS } = await importSource(join(sdk, 'src/element/properties.ts'));
  for (const attribute of attributes) {
    const { choices, open } = CONVERTERS[attribute.fieldName] ?? {};
    if (!choices) continue;
    const values = choices.map((value) => `'${value}'`);
    attribute.type = { text: [...values, ...(open ? ['string'] : [])].join(' | ') };
    attribute.default = values[0];
  }
}

/** `'a' | 'b'` and the like as a list; undefined for other types. */
const choices = (attribute) => {
  const values = attribute.type?.text.match(/'[^']+'/g)?.map((value) => value.slice(1, -1));
  return values?.length ? values : undefined;
};

/** For JetBrains: the choices, and `string` where other text may be right too. */
const typesOf = (attribute) => {
  const { text } = attribute.type ?? {};
  const named = choices(attribute);
  return named && text.endsWith('| string') ? [...named, 'string'] : (named ?? text);
};

/** https://github.com/microsoft/vscode-custom-data */
function vsCode(element) {
  return {
    version: 1.1,
    tags: [
      {
        name: element.tagName,
        description: element.description,
        attributes: element.attributes.map((attribute) => ({
          name: attribute.name,
          description: attribute.description,
          ...(attribute.type?.text === 'boolean' && { valueSet: 'v' }),
          ...(choices(attribute) && { values: choices(attribute).map((name) => ({ name })) }),
        })),
      },
    ],
  };
}

/** https://github.com/JetBrains/web-types */
function jetBrains(element, name, version) {
  const described = ({ name, description }) => ({ name, description });
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: [
          {
            name: element.tagName,
            description: element.description,
            attributes: element.attributes.map((attribute) => ({
              ...described(attribute),
              value: {
                type: typesOf(attribute),
                ...(attribute.type?.text === 'boolean' && { kind: 'no-value' }),
              },
            })),
            slots: element.slots.map(described),
            js: {
              properties: element.members
                .filter(({ kind }) => kind === 'field')
                .map((field) => ({ ...described(field), value: { type: field.type?.text } })),
              events: element.events.map(described),
            },
            css: {
              parts: element.cssParts.map(described),
              properties: element.cssProperties.map(described),
            },
          },
        ],
      },
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await manifest(decodeURIComponent(new URL('../../sdk', import.meta.url).pathname));
