/** `<FaceKeypoints>` for React: the element's properties as props, its events as `on…`; a `ref` gives the element. */
import { createComponent, type EventName } from '@lit/react';
import React from 'react';
import { FaceKeypointsElement, type FaceKeypointsEventDetails } from './define.ts';

type Detail<K extends keyof FaceKeypointsEventDetails> = EventName<CustomEvent<FaceKeypointsEventDetails[K]>>;

/** `onFaceError` is the element's `error`: React's own `onError` stays that of the DOM. */
export const FaceKeypoints = createComponent({
  react: React,
  tagName: 'face-keypoints',
  elementClass: FaceKeypointsElement,
  displayName: 'FaceKeypoints',
  events: {
    onReady: 'ready' as Detail<'ready'>,
    onProgress: 'progress' as Detail<'progress'>,
    onKeypoints: 'keypoints' as Detail<'keypoints'>,
    onFaceFound: 'facefound' as Detail<'facefound'>,
    onFaceLost: 'facelost' as Detail<'facelost'>,
    onStateChange: 'statechange' as Detail<'statechange'>,
    onFaceError: 'error' as Detail<'error'>,
  },
});

export { FaceKeypointsElement };
export type { FaceKeypointsEventDetails };
