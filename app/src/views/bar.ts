import { html, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { OVERLAYS, type Overlay } from '../settings.ts';
import { isShowing, type State } from '../state.ts';
import { icon } from './icons.ts';

/**
 * Five places that never move: a finger that has learnt one finds it again, and nothing slides under it while the
 * camera starts. A place without a use stays empty.
 */
export function bar(state: State, actions: Actions): TemplateResult {
  return html`
    <div class="places" role="group" aria-label="Controls">
      ${place('open', 'Open', 'open', actions.pick)}
      ${isShowing(state) && !state.problem ? overlay(state, actions) : place('example', 'Example', 'face', actions.example)}
      ${shutter(state, actions)}
      <button
        type="button"
        class="place"
        id="details"
        aria-expanded=${state.tab !== undefined}
        aria-controls="panel"
        @click=${actions.toggleDetails}
      >
        ${icon('details')}<span>Details</span>
      </button>
      ${lastPlace(state, actions)}
    </div>
  `;
}

function place(
  id: string,
  label: string,
  name: Parameters<typeof icon>[0],
  action: () => void,
): TemplateResult {
  return html`
    <button type="button" class="place" id=${id} data-action=${id} @click=${action}>
      ${icon(name)}<span>${label}</span>
    </button>
  `;
}

/** Starts the camera, then saves what is seen; it rests in between, so that a second tap by mistake saves nothing. */
function shutter(state: State, { camera, savePng }: Actions): TemplateResult {
  const showing = isShowing(state) && !state.problem;
  const resting = showing && state.phase !== 'running';
  const action = showing ? () => void savePng() : camera;
  // Not `disabled`: it would lose the focus.
  return html`
    <button
      type="button"
      class="place shutter"
      id=${showing ? 'snapshot' : 'camera'}
      data-action=${showing ? 'snapshot' : 'camera'}
      aria-disabled=${resting}
      @click=${() => {
        if (!resting) action();
      }}
    >
      <span class="disc">${icon(showing ? 'save' : 'camera')}</span
      ><span>${showing ? 'Save' : 'Camera'}</span>
    </button>
  `;
}

/** One tap, the next way of drawing. */
function overlay({ settings }: State, { set }: Actions): TemplateResult {
  const styles = Object.keys(OVERLAYS) as Overlay[];
  const next = styles[(styles.indexOf(settings.overlay) + 1) % styles.length];
  const label = OVERLAYS[settings.overlay];
  return html`
    <button
      type="button"
      class="place"
      id="overlay"
      aria-label=${`${label}: tap for ${OVERLAYS[next]}`}
      @click=${() => set({ overlay: next })}
    >
      ${icon('overlay')}<span>${label}</span>
    </button>
  `;
}

function lastPlace(state: State, { stop, back, install }: Actions): TemplateResult {
  if (state.batch && (isShowing(state) || state.problem)) return place('back', 'Back', 'back', back);
  if (state.input.kind === 'camera' && !state.problem) return place('stop', 'Stop', 'stop', stop);
  if (isShowing(state) || state.batch || state.problem) return place('stop', 'Close', 'close', stop);
  return state.installable
    ? place('install', 'Install', 'install', install)
    : html`<span class="place"></span>`;
}
