import { takeShared } from '../pwa/shared-files.ts';
import { droppedFiles } from './folders.ts';

interface LaunchParams {
  readonly files: readonly FileSystemFileHandle[];
}
interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

export interface ArrivalListener {
  /** None: there is nothing in it that opens, or can be read. */
  readonly onFiles: (files: readonly File[]) => void;
  /** Something is being dragged over the page, or no longer. */
  readonly onDragging: (dragging: boolean) => void;
}

/** Every way in which files come to the page without its own button: drop, paste, the system's "open with", sharing. */
export function watchArrivals({ onFiles, onDragging }: ArrivalListener): void {
  const some = (files: Iterable<File> | undefined): void => {
    const list = [...(files ?? [])];
    if (list.length) onFiles(list);
  };
  document.addEventListener('dragover', (event) => {
    // Neither a text nor a link: dropped by mistake, a link would take the place of the page.
    event.preventDefault();
    const files = event.dataTransfer?.types.includes('Files') ?? false;
    if (files) onDragging(true);
    else if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) onDragging(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    onDragging(false);
    const { dataTransfer } = event;
    if (!dataTransfer?.types.includes('Files')) return;
    void droppedFiles(dataTransfer).then(onFiles);
  });
  document.addEventListener('paste', (event) => some(event.clipboardData?.files));
  (globalThis as { launchQueue?: LaunchQueue }).launchQueue?.setConsumer(async ({ files }) => {
    // A start without files is one too.
    if (files.length) onFiles(await readable(files));
  });
  if (new URLSearchParams(location.search).has('shared')) {
    history.replaceState(null, '', './');
    takeShared().then(some, () => undefined);
  }
}

async function readable(handles: readonly FileSystemFileHandle[]): Promise<File[]> {
  const results = await Promise.allSettled(handles.map((handle) => handle.getFile()));
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
