import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { chosenFace } from '../chosen-face.ts';
import { isLive, type State } from '../state.ts';

/** The picture, its points and whole recordings as files. */
export function saving(state: State, actions: Actions): TemplateResult {
  const chosen = chosenFace(state);
  const noFace = !chosen;
  const whose = chosen && state.live.faces.length > 1 ? `face ${chosen.number}` : 'the face';
  return html`
    <h2>This picture</h2>
    <p class="buttons">
      ${button('save-png', 'PNG', 'picture and points', state.phase !== 'running', () => void actions.savePng())}
      ${button('save-svg', 'SVG', 'lines alone, to work on', noFace, actions.saveSvg)}
      ${button('save-pts', 'PTS', `68 points of ${whose}`, noFace, actions.savePts)}
    </p>
    <h2>Recording</h2>
    ${recording(state, actions)}
  `;
}

function recording(state: State, actions: Actions): TemplateResult {
  const { active, frames, ms } = state.recording;
  const possible = isLive(state) && state.phase === 'running';
  return html`
    <p class="quiet">
      ${
        frames
          ? html`<b>${seconds(ms)} s</b>, ${frames}
              ${frames === 1 ? 'picture' : 'pictures'}${active ? nothing : '. Only points are kept, no picture.'}
              ${active || possible ? nothing : 'Another one needs the camera or a video.'}`
          : possible
            ? 'The points of every picture with their time. No picture is kept.'
            : 'Needs the camera or a video.'
      }
    </p>
    <p class="buttons">
      <button
        type="button"
        id="record"
        aria-pressed=${active}
        ?disabled=${!active && !possible}
        @click=${actions.toggleRecording}
      >
        ${active ? 'Stop recording' : frames ? 'Record anew' : 'Record'}<small
          >${active ? 'and keep it' : 'the points'}</small
        >
      </button>
      ${
        frames && !active
          ? html`
              ${button('save-jsonl', 'JSON lines', 'a line a picture', false, () => void actions.saveRecording('jsonl'))}
              ${button('save-csv', 'CSV', 'a row a face', false, () => void actions.saveRecording('csv'))}
              ${button('save-vtt', 'WebVTT', 'a track beside a video', false, () => void actions.saveRecording('vtt'))}
            `
          : nothing
      }
    </p>
  `;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

function button(
  id: string,
  label: string,
  word: string,
  disabled: boolean,
  action: () => void,
): TemplateResult {
  return html`
    <button type="button" id=${id} ?disabled=${disabled} @click=${action}>
      ${label}<small>${word}</small>
    </button>
  `;
}
