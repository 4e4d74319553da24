import { createTracker, modelFromFiles, type BackendOption } from 'face-keypoints';
import type { Problem } from '../state.ts';
import { isModel } from './own-model.ts';

type OwnModel = Awaited<ReturnType<typeof modelFromFiles>>;

/** How files are looked at; another one in tests. */
export interface Checks {
  /** Whether this browser shows it: a picture, or also a video. */
  shows(file: File, kinds: 'pictures' | 'pictures and videos'): Promise<boolean>;
  /** @param signal ends it. @throws FaceKeypointsError when it does not run */
  runs(model: OwnModel, signal: AbortSignal): Promise<void>;
}

export const NOTHING_TO_OPEN: Problem = {
  code: 'folder-empty',
  message: 'There is nothing to open among the files.',
};

/**
 * What is wrong with files, asked before anything that is open is ended for them; undefined: they can be opened.
 * Of many pictures one has to open: the table tells of the others.
 * @param signal nobody waits for the answer any more
 */
export async function faultOf(
  files: readonly File[],
  checks: Checks,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const [first] = files;
  if (!first) return NOTHING_TO_OPEN;
  if (isModel(files)) return faultOfModel(files, checks, signal);
  if (files.length === 1) {
    if (await checks.shows(first, 'pictures and videos')) return undefined;
    return { code: 'input-invalid', message: 'It is no picture or video.', file: first.name };
  }
  // Those that call themselves pictures first: nearly always the first of them ends the search.
  const likely = [...files].sort((a, b) => Number(isPicture(b)) - Number(isPicture(a)));
  for (const file of likely) if (signal.aborted || (await checks.shows(file, 'pictures'))) return undefined;
  return { code: 'inputs-invalid', message: 'None of the files is a picture.' };
}

const isPicture = ({ type }: File): boolean => type.startsWith('image/');

async function faultOfModel(
  files: readonly File[],
  checks: Checks,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  let model: OwnModel;
  try {
    model = await modelFromFiles(files);
  } catch (error) {
    return faultInModel(error as Problem);
  }
  try {
    await checks.runs(model, signal);
    return undefined;
  } catch (error) {
    const { code, message } = error as Problem;
    return { code, message };
  }
}

/** Of files that make no model: some are missing, or they are none that this page reads. */
export function faultInModel({ code, message }: Problem): Problem {
  return { code: code === 'model-missing' ? 'model-incomplete' : 'model-unsupported', message };
}

/** @param backend on which models are to run */
export function browserChecks(backend: () => BackendOption): Checks {
  return {
    shows: async (file, kinds) => {
      if (kinds === 'pictures') return isBitmap(file);
      return file.type.startsWith('video/') ? showsVideo(file) : showsPicture(file);
    },
    runs: async (model, signal) => {
      const tracker = await createTracker({ model, backend: backend(), signal });
      const close = (): Promise<void> => tracker.close();
      signal.addEventListener('abort', close);
      try {
        signal.throwIfAborted();
        // That a graph loads does not mean that it runs.
        const picture = await example(signal);
        try {
          if (picture) await tracker.detect(picture);
        } finally {
          picture?.close();
        }
      } finally {
        signal.removeEventListener('abort', close);
        await close();
      }
    },
  };
}

async function example(signal: AbortSignal): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(await (await fetch('example.jpg', { signal })).blob());
  } catch {
    return undefined;
  }
}

/** As a batch reads it. */
async function isBitmap(file: File): Promise<boolean> {
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    return false;
  }
}

/** As the element shows it; unlike a bitmap it may be a drawing (SVG). */
async function showsPicture(file: File): Promise<boolean> {
  const url = URL.createObjectURL(file);
  try {
    await Object.assign(new Image(), { src: url }).decode();
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A video that has said nothing for this long, ms, is left to the element to judge. */
const VIDEO_PATIENCE = 5000;

async function showsVideo(file: File): Promise<boolean> {
  const url = URL.createObjectURL(file);
  // iOS opens a full-screen player otherwise.
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true, src: url });
  const settled = new AbortController();
  const { signal } = settled;
  let patience: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<boolean>((resolve) => {
      // Sound alone has no width.
      video.addEventListener('loadeddata', () => resolve(video.videoWidth > 0), { signal });
      video.addEventListener('error', () => resolve(false), { signal });
      patience = setTimeout(() => resolve(true), VIDEO_PATIENCE);
      // Until they are told to play, browsers on iOS and those that save data load nothing.
      video.play().catch(() => undefined);
    });
  } finally {
    settled.abort();
    clearTimeout(patience);
    video.pause();
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}
