/** Tables of the element from its manifest (`sdk/custom-elements.json`). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { breakable, escapeHtml } from './highlight.mjs';
import { inline, table } from './markdown.mjs';
import { linked } from './types.mjs';

const code = (text) => `<code>${breakable(text)}</code>`;
const said = (text = '') => inline(text.replace(/\n/g, ' '));
/** A name in the first column, in one piece. */
const term = (text) => `<code class="term">${escapeHtml(text)}</code>`;
const named = ({ name, description }) => [term(name), said(description)];
/** What it is, and under that what it may hold. */
const withType = (description, type) => [said(description), type].filter(Boolean).join('<br>');

/** `'a' | 'b'` as a person writes them in HTML, the default marked. */
function attributeValues({ type: { text }, default: usual }) {
  if (text === 'boolean') return `Present or not; ${code('false')} is off.`;
  const mark = (value) => code(value) + (value === usual?.replaceAll("'", '') ? ' (default)' : '');
  // Where other text may be right too, the description says which.
  const choices = text.split(' | ').filter((value) => value.startsWith("'"));
  if (choices.length) return choices.map((value) => mark(value.replaceAll("'", ''))).join(', ');
  return usual && usual !== 'null' && usual !== 'true' ? `Default: ${code(usual)}` : '';
}

/** `name(options?: Options): Result`, from a method of the manifest. */
function signatureOf({ name, parameters = [], return: result }) {
  const said = parameters.map(
    ({ name, optional, default: usual, type }) => `${name}${optional || usual ? '?' : ''}: ${type.text}`,
  );
  return `${name}(${said.join(', ')}): ${result.type.text}`;
}

/**
 * @param {string} root
 * @param {ReadonlySet<string>} names what the API reference tells of
 * @returns {Promise<Record<string, string>>} parts for docs/guide/element.md
 */
export async function elementTables(root, names) {
  const type = (text) => `<code>${linked(text, names, 'api.html')}</code>`;
  const manifest = JSON.parse(await readFile(join(root, 'sdk/custom-elements.json'), 'utf8'));
  const element = manifest.modules[0].declarations[0];
  const fields = element.members.filter(({ kind }) => kind === 'field');
  const methods = element.members.filter(({ kind }) => kind === 'method');
  const withAttribute = new Set(element.attributes.map(({ fieldName }) => fieldName));
  return {
    attributes: table(
      ['attribute', ''],
      element.attributes.map((attribute) => [
        term(attribute.name),
        withType(attribute.description, attributeValues(attribute)),
      ]),
    ),
    properties: table(
      ['property', ''],
      fields
        .filter(({ name, readonly }) => readonly || !withAttribute.has(name))
        .map(({ name, type: { text }, readonly, description }) => [
          term(name),
          withType(`${description}${readonly ? ' Read only.' : ''}`, type(text)),
        ]),
    ),
    methods: table(
      ['method', ''],
      methods.map((method) => [
        term(`${method.name}()`),
        withType(method.description, type(signatureOf(method))),
      ]),
    ),
    events: table(
      ['event', 'and its <code>detail</code>'],
      element.events.map(({ name, type: { text }, description }) => [
        term(name),
        withType(description, type(text.replace(/^CustomEvent<([^]*)>$/, '$1'))),
      ]),
    ),
    slots: table(['slot', ''], element.slots.map(named)),
    'css-parts': table(['part', ''], element.cssParts.map(named)),
    'css-properties': table(
      ['property', ''],
      element.cssProperties.map(({ name, type, default: usual, description }) => [
        term(name),
        withType(
          description,
          [type && code(type.text), usual && `default ${code(usual)}`].filter(Boolean).join(', '),
        ),
      ]),
    ),
  };
}
