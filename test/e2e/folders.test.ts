/** What a drop of files and folders comes to, with what cannot be read among them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { droppedFiles } from '../../app/src/inputs/folders.ts';

const DENIED = new DOMException('', 'NotReadableError');

function file(name: string, isReadable = true): object {
  const read = (resolve: (file: File) => void, reject: (error: DOMException) => void): void =>
    isReadable ? resolve(new File([''], name, { type: 'image/png' })) : reject(DENIED);
  return { name, isFile: true, isDirectory: false, file: read };
}

/** @param parts as its reader gives them; a null is one that it cannot read */
function folder(name: string, ...parts: (object[] | null)[]): object {
  const createReader = () => {
    const rest = [...parts, []];
    return {
      readEntries(resolve: (entries: object[]) => void, reject: (error: DOMException) => void): void {
        const part = rest.shift();
        if (part) resolve(part);
        else reject(DENIED);
      },
    };
  };
  return { name, isFile: false, isDirectory: true, createReader };
}

async function namesOf(...entries: object[]): Promise<string[]> {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
  const files = await droppedFiles({ items, files: [] } as unknown as DataTransfer);
  return files.map(({ name }) => name);
}

describe('a drop of folders', () => {
  it('leaves out a file that cannot be read', async () => {
    const people = folder('people', [file('b.png'), file('locked.png', false)], [file('a.png')]);
    assert.deepEqual(await namesOf(people, file('c.png'), file('gone.png', false)), [
      'a.png',
      'b.png',
      'c.png',
    ]);
  });

  it('leaves out a folder that cannot be read, or the rest of one', async () => {
    const people = folder('people', [
      folder('locked', null),
      folder('torn', [file('a.png')], null),
      file('z.png'),
    ]);
    assert.deepEqual(await namesOf(people), ['a.png', 'z.png']);
    assert.deepEqual(await namesOf(folder('locked', null)), []);
  });
});
