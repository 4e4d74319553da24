/** What the page can open, by type; models have none that all systems agree on. */
const OPENABLE = /^(image|video)\//;
const OF_A_MODEL = /\.(json|bin|md)$/;

/** Of files out of dropped folders, which do not know it themselves. */
const paths = new WeakMap<File, string>();

/** The folders that a file was in when it was brought, and its name: of many, two may have the same. */
export const pathOf = (file: File): string => paths.get(file) ?? (file.webkitRelativePath || file.name);

/**
 * The files dropped; of folders, all that the page can open, however deep, in the order of their names. What cannot be
 * read (no permission, gone meanwhile) is left out.
 * A `DataTransfer` is empty after the event: call it at once.
 */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...files];
  return (await Promise.all(entries.map((entry) => filesUnder(entry, true)))).flat();
}

async function filesUnder(entry: FileSystemEntry, chosen: boolean): Promise<File[]> {
  if (isFile(entry)) {
    const file = await new Promise<File | undefined>((resolve) =>
      entry.file(resolve, () => resolve(undefined)),
    );
    if (!file || !(chosen || isOpenable(file))) return [];
    paths.set(file, entry.fullPath.replace(/^\//, ''));
    return [file];
  }
  const entries = await entriesOf(entry as FileSystemDirectoryEntry);
  const byName = entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const files: File[] = [];
  for (const inside of byName) files.push(...(await filesUnder(inside, false)));
  return files;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

function isOpenable({ name, type }: File): boolean {
  return !name.startsWith('.') && (OPENABLE.test(type) || OF_A_MODEL.test(name));
}

/** A reader gives a part at a time (Chromium: a hundred), and nothing at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (!part.length) return all;
    all.push(...part);
  }
}
