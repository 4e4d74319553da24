/**
 * The page offline: everything that a visit needs is fetched once and kept, and files shared to the page are taken in
 * without any server. Built into `sw.js`, with the list of files in place of `__WB_MANIFEST`.
 */
import {
  cleanupOutdatedCaches,
  getCacheKeyForURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';
import { keepShared, SHARE_PATH } from './shared-files.ts';

interface WorkerScope {
  readonly __WB_MANIFEST: PrecacheEntry[];
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: ExtendableMessageEvent) => void): void;
}
interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ExtendableMessageEvent extends MessageEvent<{ type?: string; script?: string }> {
  waitUntil(promise: Promise<unknown>): void;
}

declare const self: WorkerScope;

precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/^start$/, /^shared$/] });
cleanupOutdatedCaches();

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.url.slice(self.registration.scope.length).split('?')[0];
  if (request.method === 'POST' && path === SHARE_PATH) event.respondWith(keepShared(request));
});

self.addEventListener('message', (event) => {
  const { type, script } = event.data ?? {};
  if (type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  // A first visit's page comes under this worker only if both are of one version: the worker holds the page's script.
  if (type === 'CLAIM' && script && getCacheKeyForURL(script)) event.waitUntil(self.clients.claim());
});
