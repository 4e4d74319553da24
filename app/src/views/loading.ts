import { html, type TemplateResult } from 'lit';
import type { State } from '../state.ts';
import { megabytes } from './figures.ts';

type Progress = NonNullable<State['progress']>;

/** What is said and shown while models load, bytes, and while they are made ready: a graphics chip compiles them. */
export function loadingBar(id: string, progress: Progress): TemplateResult {
  const { loaded, total } = progress;
  return html`
    <label for=${id}>${words(progress)}</label>
    ${
      total > 0
        ? html`<progress id=${id} max="1" .value=${loaded / total}></progress>`
        : html`<progress id=${id}></progress>`
    }
  `;
}

function words({ loaded, total }: Progress): string {
  if (total === 0) return 'Loading the model, once';
  if (loaded < total) return `Loading the model, once: ${megabytes(loaded)} of ${megabytes(total)} MB`;
  return 'Making the model ready for this device';
}
