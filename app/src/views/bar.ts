import { html, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { OVERLAYS, type Overlay } from '../settings.ts';
import { isShowing, type State } from '../state.ts';
import { icon } from './icons.ts';

/**
 * Six places that never move: a finger that has learnt one finds it again, and nothing slides under it while the
 * camera starts. Camera and Save keep theirs whatever is open, and rest while they have nothing to do; the last stays
 * empty without a use.
 */
export function bar(state: State, actions: Actions): TemplateResult {
  const showing = isShowing(state) && !state.problem;
  return html`
    <div class="places" role="group" aria-label="Controls">
      ${place('open', 'Open', 'open', actions.pick)}
      ${showing ? overlay(state, actions) : place('example', 'Example', 'face', actions.example)}
      ${camera(state, showing && state.input.kind === 'camera', actions)}
      ${place('snapshot', 'Save', 'save', () => void actions.savePng(), !showing || state.phase !== 'running')}
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

/** @param resting not `disabled`: it would lose the focus */
function place(
  id: string,
  label: string,
  name: Parameters<typeof icon>[0],
  action: () => void,
  resting = false,
): TemplateResult {
  return html`
    <button
      type="button"
      class="place"
      id=${id}
      data-action=${id}
      aria-disabled=${resting}
      @click=${() => {
        if (!resting) action();
      }}
    >
      ${icon(name)}<span>${label}</span>
    </button>
  `;
}

/** Starts the camera. Once it was asked for there is nothing more to start: a second tap by mistake does nothing. */
function camera({ phase }: State, on: boolean, { camera: start }: Actions): TemplateResult {
  return html`
    <button
      type="button"
      class=${on ? 'place shutter on' : 'place shutter'}
      id="camera"
      data-action="camera"
      aria-label=${on && phase === 'running' ? 'Camera: on' : 'Camera'}
      aria-disabled=${on}
      @click=${() => {
        if (!on) start();
      }}
    >
      <span class="disc">${icon('camera')}</span><span>Camera</span>
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
