/** Types as TypeScript writes them, from typedoc's JSON. */
import { breakable } from './highlight.mjs';

/**
 * HTML of a piece of code, where the names of exports lead to the API reference.
 * @param {string} text
 * @param {ReadonlySet<string>} names
 * @param {string} [page] where the reference is: '' on its own page
 */
export const linked = (text, names, page = '') =>
  text
    .split(/\b([A-Z]\w+)\b/)
    .map((part) => (names.has(part) ? `<a href="${page}#${part}">${breakable(part)}</a>` : breakable(part)))
    .join('');

/** @param {any} type @returns {string} */
export function typeText(type) {
  switch (type?.type) {
    case 'intrinsic':
    case 'unknown':
      return type.name;
    case 'literal':
      return type.value === null
        ? 'null'
        : typeof type.value === 'string'
          ? `'${type.value}'`
          : String(type.value);
    case 'reference':
      return type.name + argumentsText(type.typeArguments);
    case 'array':
      return `${grouped(type.elementType)}[]`;
    case 'tuple':
      return `[${(type.elements ?? []).map(typeText).join(', ')}]`;
    case 'namedTupleMember':
      return `${type.name}${type.isOptional ? '?' : ''}: ${typeText(type.element)}`;
    case 'union':
      return type.types.map(typeText).join(' | ');
    case 'intersection':
      return type.types.map(grouped).join(' & ');
    case 'typeOperator':
      return `${type.operator} ${typeText(type.target)}`;
    case 'indexedAccess':
      return `${typeText(type.objectType)}[${typeText(type.indexType)}]`;
    case 'query':
      return `typeof ${typeText(type.queryType)}`;
    case 'mapped':
      return `{ [${type.parameter} in ${typeText(type.parameterType)}]: ${typeText(type.templateType)} }`;
    case 'predicate':
      return `${type.name} is ${typeText(type.targetType)}`;
    case 'reflection':
      return reflectionText(type.declaration);
    default:
      return 'unknown';
  }
}

const argumentsText = (list) => (list?.length ? `<${list.map(typeText).join(', ')}>` : '');

const grouped = (type) =>
  type.type === 'union' || (type.type === 'reflection' && type.declaration.signatures)
    ? `(${typeText(type)})`
    : typeText(type);

function reflectionText({ signatures, children = [] }) {
  if (signatures) return `(${parametersText(signatures[0].parameters)}) => ${typeText(signatures[0].type)}`;
  const members = children.map(
    ({ name, flags, type }) =>
      `${/^\w+$/.test(name) ? name : `'${name}'`}${flags?.isOptional ? '?' : ''}: ${typeText(type)}`,
  );
  return members.length ? `{ ${members.join('; ')} }` : '{}';
}

const parametersText = (parameters = []) =>
  parameters
    .map(({ name, flags, type, defaultValue }) => {
      const optional = flags?.isOptional || defaultValue !== undefined;
      return `${flags?.isRest ? '...' : ''}${name === '__namedParameters' ? 'options' : name}${optional ? '?' : ''}: ${typeText(type)}`;
    })
    .join(', ');

/** `name(parameters): result`. */
export const signatureOf = (name, { parameters, type }) =>
  name === 'new'
    ? `new (${parametersText(parameters)})`
    : `${name}(${parametersText(parameters)}): ${typeText(type)}`;
