import { html, nothing, type TemplateResult } from 'lit';
import type { FaceKeypointsError } from '../errors.ts';
import type { ElementState } from './events.ts';
import type { Media } from './media/media.ts';

/** All that is seen and heard of the element, but for what is drawn on the canvas. */
export interface View {
  readonly media: Media | undefined;
  readonly mirror: boolean;
  readonly state: ElementState;
  /** Of the models' bytes; undefined while unknown. */
  readonly percent: number | undefined;
  /** Whether the models are there. */
  readonly ready: boolean;
  /** The camera is all that is waited for. */
  readonly camera: boolean;
  readonly error: FaceKeypointsError | undefined;
  /** How many are marked. */
  readonly faces: number;
  /** For screen readers. */
  readonly status: string;
  /** The error's button. */
  readonly retry: () => void;
  /** Where the video waits for a person to play it. */
  readonly play: (() => void) | undefined;
}

export function template(view: View): TemplateResult {
  return html`
    <div class="frame">
      ${stage(view)} ${view.play ? waiting(view.play) : view.state === 'loading' ? loading(view) : nothing}
      ${view.state === 'error' ? failed(view) : nothing}
    </div>
    <div class="status" part="status" role="status">${view.status}</div>
  `;
}

function stage({ media, mirror, faces }: View): TemplateResult {
  media?.view.setAttribute('part', 'media');
  return html`
    <div class="stage" part="stage">
      <div
        class=${mirror ? 'mirrored' : nothing}
        role=${media ? 'img' : nothing}
        aria-label=${media ? pictureLabel(media, faces) : nothing}
      >
        <div class="media">${media?.view ?? nothing}</div>
        <canvas class="overlay" part="overlay"></canvas>
      </div>
      <div class="controls" part="controls"><slot name="controls"></slot></div>
    </div>
  `;
}

function pictureLabel({ video }: Media, faces: number): string {
  const kind = video ? 'Video' : 'Picture';
  if (faces === 0) return `${kind}, no face marked`;
  return faces === 1 ? `${kind} with one face marked` : `${kind} with ${faces} faces marked`;
}

function loading(view: View): TemplateResult {
  const { media, percent } = view;
  return html`
    <div class="message ${media ? 'over' : ''}" part="message">
      <slot name="loading">
        <p>${loadingWords(view)}</p>
        ${percent !== undefined && !media ? progress(percent) : nothing}
      </slot>
    </div>
  `;
}

function loadingWords({ media, percent, camera, ready }: View): string {
  if (camera && !media) return 'Waiting for the camera. Allow it if the browser asks.';
  if (ready && media) return 'Looking for faces';
  if (percent === 100) return 'Making ready';
  return percent === undefined ? 'Loading' : `Loading ${percent} %`;
}

function progress(percent: number): TemplateResult {
  return html`<progress part="progress" aria-label="Loading" max="100" .value=${percent}></progress>`;
}

/** Neither the slot of loading nor the part of messages: whoever fills or hides those still has to meet it. */
function waiting(play: () => void): TemplateResult {
  return html`
    <div class="message over play" part="play">
      <button type="button" part="button" @click=${play}>Play</button>
    </div>
  `;
}

function failed({ error, retry }: View): TemplateResult {
  return html`
    <div class="message" part="message" role="alert">
      <slot name="error">
        <p>${error?.message}</p>
        <button type="button" part="button" @click=${retry}>Try again</button>
      </slot>
    </div>
  `;
}
