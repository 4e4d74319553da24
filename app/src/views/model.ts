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
    <p class="quiet">${own ? 'Your own. It stays in this tab.' : 'Comes with the page.'}</p>
    ${own ? ownModel(state, actions) : tryYours(actions)}
    ${card ? html`<div class="card">${markdown(card)}</div>` : own ? html`<p class="quiet">Drop its card.md too, and it is shown here.</p>` : nothing}
  `;
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

function ownModel({ comparison, input }: State, { builtInModel, toggleCompare }: Actions): TemplateResult {
  return html`
    <p class="buttons">
      <button
        type="button"
        id="compare"
        aria-pressed=${comparison !== undefined}
        ?disabled=${input.kind !== 'camera'}
        @click=${toggleCompare}
      >
        Compare<small>${input.kind === 'camera' ? 'with the built-in model' : 'needs the camera'}</small>
      </button>
      <button type="button" id="built-in" @click=${builtInModel}>
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
