import type { Expression, Face, Pose } from 'face-keypoints';
import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { chosenFace } from '../chosen-face.ts';
import { isLive, isShowing, type State } from '../state.ts';
import { BACKENDS, BACKEND_WORDS, milliseconds, percent } from './figures.ts';

/** What the points say of the face, and what they cost. */
export function measures(state: State, actions: Actions): TemplateResult {
  if (!isShowing(state))
    return html`<p class="quiet">
      Start the camera or open a picture; the measures of the face stand here then.
    </p>`;
  const { faces } = state.live;
  const face = chosenFace(state)?.face;
  return html`
    ${faces.length > 1 && face ? faceChoice(faces, face, actions) : nothing}
    ${face ? html`${expression(face.expression)} ${pose(face.pose)}` : html`<p class="quiet">No face in the picture.</p>`}
    ${speed(state)}
  `;
}

/** Numbered as on the picture. */
function faceChoice(faces: readonly Face[], chosen: Face, { chooseFace }: Actions): TemplateResult {
  return html`
    <fieldset class="choices" id="face-choice">
      <legend>Face, of ${faces.length} in the picture</legend>
      ${faces.map(
        ({ id }, i) => html`
          <label>
            <input
              type="radio"
              name="face"
              value=${i + 1}
              .checked=${id === chosen.id}
              @change=${() => chooseFace(id)}
            />
            <span>${i + 1}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}

const EXPRESSIONS: readonly (readonly [keyof Expression, name: string])[] = [
  ['eyeOpenLeft', 'Left eye open'],
  ['eyeOpenRight', 'Right eye open'],
  ['mouthOpen', 'Mouth open'],
  ['smile', 'Smile'],
  ['browRaise', 'Brows raised'],
];

function expression(values: Expression): TemplateResult {
  return html`
    <h2>Expression</h2>
    <dl class="meters">
      ${EXPRESSIONS.map(
        ([key, name]) => html`
          <div>
            <dt>${name}</dt>
            <dd><b>${percent(values[key])}</b> %</dd>
            <dd class="scale">${meter(name, values[key])}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** A drawing, as browsers agree on no way to style their own <meter>. */
function meter(name: string, value: number): TemplateResult {
  return html`
    <svg
      class="meter"
      role="meter"
      aria-label=${name}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${percent(value)}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
    >
      <rect width=${percent(value)} height="1" />
    </svg>
  `;
}

function pose({ yaw, pitch, roll }: Pose): TemplateResult {
  return html`
    <h2>Head</h2>
    <dl class="figures three">
      ${figure('Turned', angle(yaw), '', side(yaw, 'to the left', 'to the right'))}
      ${figure('Raised', angle(pitch), '', side(pitch, 'up', 'down'))}
      ${figure('Leaning', angle(roll), '', side(roll, 'to the left', 'to the right'))}
    </dl>
  `;
}

const angle = (degrees: number): string => `${Math.abs(degrees).toFixed(0)}°`;
/** Of the person's own sides. */
function side(degrees: number, positive: string, negative: string): string {
  return Math.abs(degrees) < 2 ? 'straight' : degrees > 0 ? positive : negative;
}

function speed(state: State): TemplateResult {
  const { faces, fps, detectMs, landmarkMs, backend, worker, width, height } = state.live;
  const placing = faces.length > 0 ? 'each picture' : landmarkMs ? 'when a face was last seen' : '';
  return html`
    <h2>Speed</h2>
    <dl class="figures">
      ${isLive(state) ? figure('Rate', fps ? fps.toFixed(0) : '–', 'pictures/s', 'that points are computed for') : nothing}
      ${figure('Placing the points', milliseconds(landmarkMs), 'ms', placing)}
      ${figure('Finding the face', milliseconds(detectMs), 'ms', detectMs ? 'when it last ran: a face was missing or in doubt' : '')}
      ${figure('Picture', width ? `${width} × ${height}` : '–', 'px', isLive(state) ? 'as the camera or video gives it' : '')}
      ${figure('Computed by', backend ? BACKENDS[backend] : '–', '', backend ? `${BACKEND_WORDS[backend]}${worker ? '; beside the page, which stays quick' : ''}` : '')}
    </dl>
  `;
}

function figure(name: string, value: string, unit: string, word: string): TemplateResult {
  return html`
    <div>
      <dt>${name}</dt>
      <dd>
        <b>${value}</b
        >${unit ? html` <span>${unit}</span>` : nothing}${word ? html`<small>${word}</small>` : nothing}
      </dd>
    </div>
  `;
}
