/**
 * Gives the person a file: the share sheet on phones, where it can take it; else a download.
 * @returns false when they thought better of it
 */
export async function save(blob: Blob, name: string): Promise<boolean> {
  const file = new File([blob], name, { type: blob.type });
  if (matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return true;
    } catch (error) {
      if ((error as DOMException).name === 'AbortError') return false;
    }
  }
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}

/** `face-2026-01-31-14-05-09.png`, local time. */
export function fileName(ending: string, date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  return `face-${date.getFullYear()}-${parts.map(two).join('-')}.${ending}`;
}
