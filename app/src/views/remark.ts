import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { adviceFor } from '../advice.ts';
import type { State } from '../state.ts';
import { icon } from './icons.ts';
import { modelInUse } from './model-name.ts';

/**
 * What was wrong with files, beside what goes on. It takes no focus, as nobody has to answer it; its place for the words
 * is always there, so that screen readers notice a change in it.
 */
export function remark({ remark: problem, online, model }: State, { dismiss }: Actions): TemplateResult {
  const advice = problem && adviceFor(problem, online);
  return html`
    <div id="remark" class=${advice ? 'sentence' : ''}>
      <div role="status">
        ${advice ? html`<b>${advice.title}</b> <span>${advice.text} ${/^model-/.test(problem.code) ? `${modelInUse(model)} stays in use.` : ''}</span>` : nothing}
      </div>
      ${
        advice
          ? html`<button
              type="button"
              class="round"
              id="remark-close"
              aria-label="Close this message"
              @click=${dismiss}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </div>
  `;
}
