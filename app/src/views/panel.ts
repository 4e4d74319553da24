import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { TABS, type State, type Tab } from '../state.ts';
import { icon } from './icons.ts';
import { measures } from './measures.ts';
import { model } from './model.ts';
import { saving } from './saving.ts';
import { viewSettings } from './view-settings.ts';

const TITLES: Record<Tab, string> = { measures: 'Measures', view: 'View', save: 'Save', model: 'Model' };
const VIEWS: Record<Tab, (state: State, actions: Actions) => TemplateResult> = {
  measures,
  view: viewSettings,
  save: saving,
  model,
};

/** Everything that is not needed at every moment, in four tabs (pattern: WAI-ARIA Authoring Practices, tabs). */
export function panel(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { tab } = state;
  if (!tab) return nothing;
  return html`
    <div class="panel-head">
      <div
        role="tablist"
        aria-label="Details"
        @keydown=${(event: KeyboardEvent) => move(event, tab, actions)}
      >
        ${TABS.map(
          (name) => html`
            <button
              type="button"
              role="tab"
              id=${`tab-${name}`}
              aria-selected=${name === tab}
              aria-controls="tab-panel"
              tabindex=${name === tab ? 0 : -1}
              @click=${() => actions.showTab(name)}
            >
              ${TITLES[name]}
            </button>
          `,
        )}
      </div>
      <button
        type="button"
        class="round"
        id="panel-close"
        aria-label="Close details"
        @click=${actions.toggleDetails}
      >
        ${icon('close')}
      </button>
    </div>
    <div id="tab-panel" class="panel-body" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${tab}`}>
      ${VIEWS[tab](state, actions)}
    </div>
  `;
}

function move(event: KeyboardEvent, tab: Tab, { showTab }: Actions): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
  showTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}
