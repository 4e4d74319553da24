import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import {
  MAX_FACES,
  MODELS,
  OVERLAYS,
  OVERLAY_WORDS,
  RESOLUTIONS,
  SMOOTHING_STEPS,
  type Model,
  type Overlay,
  type Resolution,
} from '../settings.ts';
import { isLive, type State } from '../state.ts';

/** How it looks and what is looked through. */
export function viewSettings(state: State, { set, toggleMirror }: Actions): TemplateResult {
  const { settings, cameras, cameraId, mirror } = state;
  return html`
    <fieldset class="choices">
      <legend>Drawn over the face</legend>
      ${Object.entries(OVERLAYS).map(
        ([name, label]) => html`
          <label title=${OVERLAY_WORDS[name as Overlay] ?? nothing}>
            <input
              type="radio"
              name="overlay"
              value=${name}
              .checked=${name === settings.overlay}
              @change=${() => set({ overlay: name as Overlay })}
            />
            <span>${label}</span>
          </label>
        `,
      )}
      ${OVERLAY_WORDS[settings.overlay] ? html`<small id="overlay-words">${OVERLAY_WORDS[settings.overlay]}</small>` : nothing}
    </fieldset>
    <label class="row">
      <span>Mirror<small>as you know yourself</small></span>
      <input type="checkbox" role="switch" id="mirror" .checked=${mirror} @change=${toggleMirror} />
    </label>
    ${smoothing(state, set)}
    ${
      cameras.length
        ? select(
            'camera-choice',
            'Camera',
            cameraId ?? cameras[0].id,
            cameras.map(({ id, label }) => [id, label]),
            (deviceId) => set({ deviceId }),
          )
        : nothing
    }
    ${select(
      'resolution',
      'Camera picture',
      settings.resolution,
      Object.entries(RESOLUTIONS).map(([name, { label }]) => [name, `${label} px`]),
      (resolution) => set({ resolution: resolution as Resolution }),
    )}
    ${select(
      'max-faces',
      'Faces, live',
      String(settings.maxFaces),
      MAX_FACES.map((count) => [String(count), count === 1 ? '1, fastest' : String(count)]),
      (count) => set({ maxFaces: Number(count) }),
    )}
    ${
      state.model.own
        ? nothing
        : select('model-choice', 'Model', settings.model, Object.entries(MODELS), (model) =>
            set({ model: model as Model }),
          )
    }
  `;
}

function smoothing(state: State, set: Actions['set']): TemplateResult {
  const { smoothing: step } = state.settings;
  const { jitter } = state.live;
  return html`
    <div class="setting">
      <label for="smoothing"
        >Smoothing<small
          >${step === 0 ? 'off: as the network sees it' : 'steadier at rest; quick motion passes'}</small
        ></label
      >
      <input
        type="range"
        id="smoothing"
        min="0"
        max=${SMOOTHING_STEPS}
        step="1"
        .value=${String(step)}
        aria-valuetext=${step === 0 ? 'off' : `${step} of ${SMOOTHING_STEPS}`}
        @input=${(event: Event) => set({ smoothing: Number((event.target as HTMLInputElement).value) })}
      />
      ${isLive(state) && jitter.length > 1 ? trace(jitter) : nothing}
    </div>
  `;
}

/** The points' trembling over the last pictures; its scale is fixed, so that a flatter line is a steadier face. */
function trace(values: readonly number[]): TemplateResult {
  const recent = values.slice(-30);
  const mean = recent.reduce((sum, value) => sum + value, 0) / recent.length;
  const points = values.map((value, i) => `${i},${(30 - 14 * Math.min(2, value)).toFixed(1)}`).join(' ');
  return html`
    <figure class="trace">
      <svg viewBox="0 0 89 32" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<polyline points=${points} vector-effect="non-scaling-stroke"/>`}
      </svg>
      <figcaption>
        <b>${mean.toFixed(2)} %</b> of the eye distance: how far the points move within the face from picture
        to picture
      </figcaption>
    </figure>
  `;
}

function select(
  id: string,
  label: string,
  value: string,
  options: readonly (readonly [value: string, label: string])[],
  onChange: (value: string) => void,
): TemplateResult {
  return html`
    <label class="row">
      <span>${label}</span>
      <select id=${id} @change=${(event: Event) => onChange((event.target as HTMLSelectElement).value)}>
        ${options.map(([name, text]) => html`<option value=${name} .selected=${name === value}>${text}</option>`)}
      </select>
    </label>
  `;
}
