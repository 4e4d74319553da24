import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import type { State } from '../state.ts';
import { milliseconds } from './figures.ts';
import { markdown } from './markdown.ts';

const TITLES: Readonly<Record<string, string>> = { resnet18: 'ResNet-18', lite: 'Light' };

/** Which network places the points, what is known of it, and how to try another. */
export function model(state: State, actions: Actions): TemplateResult {
  const { name, own, card } = state.model;
  return html`
    <h2>${own ? name : (TITLES[name] ?? name)}</h2>
    <p class="quiet">${origin(state)}</p>
    ${own ? ownModel(state, actions) : tryYours(actions)}
    ${card ? html`<div class="card">${markdown(card)}</div>` : own ? html`<p class="quiet">Drop its card.md too, and it is shown here.</p>` : nothing}
  `;
}

/** Until something has run it is not known what there is to compute with. */
function origin({ model: { own }, settings, phase }: State): string {
  if (own) return 'Your own. It stays in this tab.';
  return settings.model === 'auto' && phase === 'idle'
    ? 'Comes with the page. Without a graphics chip it is the light one.'
    : 'Comes with the page.';
}

function tryYours({ pick }: Actions): TemplateResult {
  return html`
    <p class="buttons">
      <button type="button" id="own-model" @click=${pick}>
        Try your own<small>model.json and its weights</small>
      </button>
    </p>
  `;
}

/** One button for both, so that it keeps the focus when the camera has started. */
function compareButton({ comparison, input, phase, problem }: State, actions: Actions): TemplateResult {
  const camera = input.kind === 'camera' && !problem;
  // Beside a camera that is only about to start there is nothing to be laid; a comparison may end at any time.
  const resting = camera && phase !== 'running' && !comparison;
  const action = camera ? actions.toggleCompare : actions.camera;
  return html`
    <button
      type="button"
      id=${camera ? 'compare' : 'compare-camera'}
      aria-pressed=${camera ? comparison !== undefined : nothing}
      aria-disabled=${resting}
      @click=${() => {
        if (!resting) action();
      }}
    >
      ${camera ? 'Compare' : 'Camera'}<small
        >${camera ? 'with the built-in model' : 'start it, to compare'}</small
      >
    </button>
  `;
}

function ownModel(state: State, actions: Actions): TemplateResult {
  const { comparison } = state;
  return html`
    <p class="buttons">
      ${compareButton(state, actions)}
      <button type="button" id="built-in" @click=${actions.builtInModel}>
        Built-in model<small>back to it</small>
      </button>
    </p>
    ${
      comparison
        ? html`
            <dl class="figures">
              <div>
                <dt>Built-in model</dt>
                <dd><b>${milliseconds(comparison.ms)}</b> <span>ms</span><small>each picture</small></dd>
              </div>
              <div>
                <dt>The two differ by</dt>
                <dd>
                  <b>${comparison.difference?.toFixed(1) ?? '–'}</b> <span>%</span
                  ><small>of the eye distance, mean of all points</small>
                </dd>
              </div>
            </dl>
          `
        : nothing
    }
  `;
}
