/** What a drop of files and folders comes to, with what cannot be read among them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRecording } from 'face-keypoints';
import { exportBatch } from '../../app/src/batch.ts';
import { droppedFiles, pathOf } from '../../app/src/inputs/folders.ts';

const DENIED = new DOMException('', 'NotReadableError');

interface Entry {
  readonly name: string;
  fullPath: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly file?: unknown;
  readonly createReader?: unknown;
  readonly inside?: readonly Entry[];
}

function file(name: string, isReadable = true): Entry {
  const read = (resolve: (file: File) => void, reject: (error: DOMException) => void): void =>
    isReadable ? resolve(new File([''], name, { type: 'image/png' })) : reject(DENIED);
  return { name, fullPath: `/${name}`, isFile: true, isDirectory: false, file: read };
}

/** @param parts as its reader gives them; a null is one that it cannot read */
function folder(name: string, ...parts: (Entry[] | null)[]): Entry {
  const createReader = () => {
    const rest = [...parts, []];
    return {
      readEntries(resolve: (entries: Entry[]) => void, reject: (error: DOMException) => void): void {
        const part = rest.shift();
        if (part) resolve(part);
        else reject(DENIED);
      },
    };
  };
  const inside = parts.flatMap((part) => part ?? []);
  for (const entry of inside) putInto(name, entry);
  return { name, fullPath: `/${name}`, isFile: false, isDirectory: true, createReader, inside };
}

function putInto(parent: string, entry: Entry): void {
  entry.fullPath = `/${parent}${entry.fullPath}`;
  for (const each of entry.inside ?? []) putInto(parent, each);
}

async function filesOf(...entries: Entry[]): Promise<File[]> {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
  return droppedFiles({ items, files: [] } as unknown as DataTransfer);
}

const namesOf = async (...entries: Entry[]): Promise<string[]> =>
  (await filesOf(...entries)).map(({ name }) => name);

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

  it('tells pictures of one name apart by their folders, also in the files of results', async () => {
    const trip = folder('trip', [
      folder('day1', [file('IMG_1.png')]),
      folder('day2', [file('IMG_1.png')]),
      file('map.png'),
    ]);
    const files = await filesOf(trip, file('alone.png'));
    const paths = ['trip/day1/IMG_1.png', 'trip/day2/IMG_1.png', 'trip/map.png', 'alone.png'];
    assert.deepEqual(files.map(pathOf), paths);
    const items = files.map((file) => ({ file, status: 'done', width: 4, height: 3, faces: [] }) as const);
    for (const format of ['jsonl', 'csv'] as const) {
      const frames = parseRecording(await exportBatch(items, format).text(), format);
      assert.deepEqual(
        frames.map((frame) => frame.file),
        paths,
      );
    }
  });

  it('knows where a picture was that a browser picked with its folder, and the name of any other', () => {
    const picked = Object.assign(new File([''], 'a.png'), { webkitRelativePath: 'trip/a.png' });
    assert.equal(pathOf(picked), 'trip/a.png');
    assert.equal(pathOf(Object.assign(new File([''], 'a.png'), { webkitRelativePath: '' })), 'a.png');
  });
});
