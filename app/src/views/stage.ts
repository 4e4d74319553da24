import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { adviceFor } from '../advice.ts';
import { isLive, isShowing, type State } from '../state.ts';
import { BACKENDS, milliseconds } from './figures.ts';
import { loadingBar } from './loading.ts';
import { icon } from './icons.ts';
import { yourModel } from './model-name.ts';
import { remark } from './remark.ts';

/** What lies over the picture: figures above, at most one sentence below. */
export function stage(state: State, actions: Actions): TemplateResult {
  return html`
    ${state.updateReady ? update(actions) : nothing}
    <p id="model-said" class="visually-hidden" role="status">${takenOver(state)}</p>
    ${isShowing(state) && state.phase === 'running' ? readout(state, actions) : nothing}
    ${state.problem ? nothing : sentence(state)} ${remark(state, actions)}
    ${state.dropping ? html`<p id="drop-hint">Drop pictures, a video or a model</p>` : nothing}
  `;
}

export function notice({ problem, online }: State, { help }: Actions): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  const { title, text, button } = adviceFor(problem, online);
  return html`
    <h2>${title}</h2>
    <p id="notice-text">${text}</p>
    <button type="button" class="primary" id="notice-button" @click=${help}>${button}</button>
  `;
}

function update({ update: apply }: Actions): TemplateResult {
  return html`
    <p id="update-offer" class="pill" role="status">
      <span>A new version is ready.</span>
      <button type="button" id="update" @click=${apply}>Reload now</button>
    </p>
  `;
}

/** Quiet figures; a tap explains them. */
function readout(state: State, { toggleDetails, flip }: Actions): TemplateResult {
  const { fps, totalMs, backend, faces } = state.live;
  const { own, name } = state.model;
  return html`
    <div class="readout">
      <button
        type="button"
        id="stats"
        class=${`pill${faces.length > 1 ? ' several' : ''}${own ? ' own' : ''}`}
        title="What these figures mean"
        @click=${toggleDetails}
      >
        ${fps ? html`<span><b>${fps.toFixed(0)}</b> pictures/s</span>` : nothing}
        <span><b>${milliseconds(totalMs)}</b> ms</span>
        <span class="backend">${backend ? BACKENDS[backend] : ''}</span>
        ${own ? html`<span class="model">${yourModel(name)}</span>` : nothing}
        ${faces.length > 1 ? html`<span><b>${faces.length}</b> faces</span>` : nothing}
      </button>
      ${
        state.input.kind === 'camera' && state.cameras.length > 1
          ? html`<button type="button" id="flip" class="pill" aria-label="Other camera" @click=${flip}>
              ${icon('flip')}
            </button>`
          : nothing
      }
    </div>
  `;
}

/** For those who do not see the readout: whose points they are, as soon as there are any. */
const takenOver = ({ model: { own, name }, phase }: State): string =>
  own && phase === 'running' ? `${yourModel(name)} places the points.` : '';

function sentence(state: State): TemplateResult | typeof nothing {
  const { phase, progress, cameraAllowed, dark, nobody, trying } = state;
  if (phase === 'asking') return asking(cameraAllowed);
  if (trying) return pill('trying', 'Trying your model');
  if (phase === 'loading') return loading(progress);
  if (phase !== 'running') return nothing;
  if (dark && isLive(state)) return pill('hint', 'It is too dark. Turn towards a window or a lamp.');
  if (!nobody)
    return state.batch?.running
      ? pill('batch-goes-on', 'Your table of pictures goes on meanwhile.')
      : nothing;
  return pill(
    'hint',
    state.input.kind === 'camera'
      ? 'No face found. Come nearer, into the light.'
      : 'No face found. Faces should be well lit and not too small.',
  );
}

function asking(allowed: boolean): TemplateResult {
  return html`
    <div id="asking" role="status">
      ${
        allowed
          ? html`<p class="quiet">Starting the camera</p>`
          : html`<h2>Your browser asks for the camera</h2>
              <p class="quiet">Choose Allow. The pictures stay on this device.</p>`
      }
    </div>
  `;
}

function pill(id: string, text: string): TemplateResult {
  return html`<p id=${id} class="sentence" role="status">${text}</p>`;
}

function loading(progress: State['progress']): TemplateResult {
  if (!progress) return html` <p id="loading" class="sentence" role="status">Starting</p> `;
  return html`<div id="loading" class="sentence">${loadingBar('loading-bar', progress)}</div>`;
}
