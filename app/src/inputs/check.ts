import { createTracker, modelFromFiles, type BackendOption } from 'face-keypoints';
import type { Problem } from '../state.ts';
import { isModel } from './own-model.ts';

type OwnModel = Awaited<ReturnType<typeof modelFromFiles>>;

/** How files are looked at; another one in tests. */
export interface Checks {
  /** Whether this browser shows it: a picture, or also a video. */
  shows(file: File, kinds: 'pictures' | 'pictures and videos'): Promise<boolean>;
  /** @throws FaceKeypointsError when it does not run */
  runs(model: OwnModel): Promise<void>;
}

/**
 * What is wrong with files, asked before anything that is open is ended for them; undefined: they can be opened.
 * Of many pictures one has to open: the table tells of the others.
 */
export async function faultOf(files: readonly File[], checks: Checks): Promise<Problem | undefined> {
  const [first] = files;
  if (!first) return { code: 'folder-empty', message: 'There is nothing to open among the files.' };
  if (isModel(files)) return faultOfModel(files, checks);
  if (files.length === 1) {
    if (await checks.shows(first, 'pictures and videos')) return undefined;
    return { code: 'input-invalid', message: `${first.name} is no picture or video.` };
  }
  // Those that call themselves pictures first: nearly always the first of them ends the search.
  const likely = [...files].sort((a, b) => Number(isPicture(b)) - Number(isPicture(a)));
  for (const file of likely) if (await checks.shows(file, 'pictures')) return undefined;
  return { code: 'inputs-invalid', message: 'None of the files is a picture.' };
}

const isPicture = ({ type }: File): boolean => type.startsWith('image/');

async function faultOfModel(files: readonly File[], checks: Checks): Promise<Problem | undefined> {
  let model: OwnModel;
  try {
    model = await modelFromFiles(files);
  } catch (error) {
    return faultInModel(error as Problem);
  }
  try {
    await checks.runs(model);
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
    runs: async (model) => {
      const tracker = await createTracker({ model, backend: backend() });
      try {
        // That a graph loads does not mean that it runs.
        const picture = await example();
        if (picture) await tracker.detect(picture);
        picture?.close();
      } finally {
        await tracker.close();
      }
    },
  };
}

async function example(): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(await (await fetch('example.jpg')).blob());
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

async function showsVideo(file: File): Promise<boolean> {
  const url = URL.createObjectURL(file);
  const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto', src: url });
  try {
    // Sound alone has no width.
    return await new Promise<boolean>((resolve) => {
      video.addEventListener('loadeddata', () => resolve(video.videoWidth > 0));
      video.addEventListener('error', () => resolve(false));
    });
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}
