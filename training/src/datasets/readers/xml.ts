/** Something that is not well-formed, with its line. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export interface XmlHandler {
  open(element: string, attributes: ReadonlyMap<string, string>): void;
  close(element: string): void;
}

const NAME = '[A-Za-z_:][\\w:.-]*';
const TAG = new RegExp(`(/?)(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
/** What is passed over whole, by how it begins. */
const PASSED_OVER = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
] as const;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Elements and attributes of an XML text, in order; text between them is not needed here and passed over. Strict where
 * it matters (XML 1.0, sections 2 and 3): tags must nest and close, attributes be quoted, entities be the five of XML
 * or numbers. A document type is refused, and with it entities that expand.
 * @throws XmlError after the handler has seen all that came before
 */
export function readXml(text: string, handler: XmlHandler): void {
  const open: string[] = [];
  let seen = false;
  let at = 0;
  const fail = (message: string): never => {
    throw new XmlError(`line ${text.slice(0, at).split('\n').length}: ${message}`);
  };
  for (at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const special = PASSED_OVER.find(([start]) => text.startsWith(start, at));
    if (special) {
      const end = text.indexOf(special[1], at + special[0].length);
      if (end < 0) fail(`${special[0]} is never closed`);
      at = end + special[1].length;
      continue;
    }
    TAG.lastIndex = at + 1;
    const [whole, closing, name, attributes, empty] = TAG.exec(text) ?? fail('not a tag that XML allows');
    if (closing) {
      if (attributes || empty) fail(`</${name}> has attributes`);
      if (open.pop() !== name) fail(`</${name}> closes nothing`);
      handler.close(name);
    } else {
      if (open.length === 0 && seen) fail(`<${name}> follows the end of the document`);
      seen = true;
      handler.open(name, readAttributes(attributes, fail));
      if (empty) handler.close(name);
      else open.push(name);
    }
    at += whole.length + 1;
  }
  at = text.length;
  if (open.length > 0) fail(`<${open[open.length - 1]}> is never closed`);
  if (!seen) fail('holds no element');
}

function readAttributes(text: string, fail: (message: string) => never): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) fail(`attribute ${name} is given twice`);
    attributes.set(name, decode(double ?? single, fail));
  }
  return attributes;
}

function decode(value: string, fail: (message: string) => never): string {
  return value.replace(/&([^;]*);?/g, (whole, entity: string) => {
    const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity);
    if (number && whole.endsWith(';')) {
      return String.fromCodePoint(number[1] ? parseInt(number[1], 16) : Number(number[2]));
    }
    return (whole.endsWith(';') ? ENTITIES[entity] : undefined) ?? fail(`${whole} is no entity of XML`);
  });
}
