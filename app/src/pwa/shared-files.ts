/** Files shared to the installed page: the service worker lays them down here, the page picks them up. */
export const SHARE_PATH = 'share-target';
const CACHE = 'shared-files';
const FIELD = 'media';

/** For the service worker: keeps what a share target's form holds, and sends the person to the page. */
export async function keepShared(request: Request): Promise<Response> {
  const files = (await request.formData()).getAll(FIELD).filter((value) => value instanceof File);
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  try {
    for (const [i, file] of files.entries()) {
      const headers = { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) };
      await cache.put(`${SHARE_PATH}/${i}`, new Response(file, { headers }));
    }
  } catch {
    // No room for all of them: the page shows those that found some.
  }
  return Response.redirect('./?shared', 303);
}

/** For the page: the files, once. */
export async function takeShared(): Promise<File[]> {
  const cache = await caches.open(CACHE);
  const files: File[] = [];
  for (const key of await cache.keys()) {
    const response = await cache.match(key);
    if (!response) continue;
    const name = decodeURIComponent(response.headers.get('x-name') ?? 'picture');
    files.push(new File([await response.blob()], name, { type: response.headers.get('content-type') ?? '' }));
  }
  await caches.delete(CACHE);
  return files;
}
