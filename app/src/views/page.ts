import { nothing, render } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Actions } from '../actions.ts';
import { isShowing, type State } from '../state.ts';
import { bar } from './bar.ts';
import { batchView } from './batch.ts';
import { faceNumbers } from './face-numbers.ts';
import { Focus } from './focus.ts';
import { panel } from './panel.ts';
import { QuestionDialog } from './question.ts';
import { notice, stage } from './stage.ts';
import { welcome } from './welcome.ts';

const place = (id: string): HTMLElement => document.getElementById(id)!;

/** Draws the page as the state has it. */
export class Page {
  readonly #actions: Actions;
  readonly #title = place('title');
  readonly #welcome = place('welcome');
  readonly #batch = place('batch');
  readonly #stage = place('over');
  readonly #notice = place('notice');
  readonly #panel = place('panel');
  readonly #bar = place('bar');
  readonly #names = place('compare-names');
  readonly #numbers = place('face-numbers');
  readonly #question: QuestionDialog;
  readonly #focus = new Focus({
    bar: this.#bar,
    over: this.#stage,
    panel: this.#panel,
    batch: this.#batch,
    notice: this.#notice,
  });

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#question = new QuestionDialog(place('question') as HTMLDialogElement, actions);
  }

  draw(state: State): void {
    // First, as it gives the focus back to what asked.
    this.#question.draw(state);
    this.#focus.keep(() => this.#draw(state));
  }

  #draw(state: State): void {
    const showing = isShowing(state) && !state.problem;
    const welcoming = !isShowing(state) && !state.batch && !state.problem;
    const { body } = document;
    body.toggleAttribute('data-showing', showing);
    body.toggleAttribute('data-panel', state.tab !== undefined);
    body.toggleAttribute('data-compare', state.comparison !== undefined);
    body.toggleAttribute('data-update', state.updateReady);
    body.toggleAttribute('data-remark', state.remark !== undefined);
    body.dataset['faces'] = String(state.live.faces.length);
    this.#names.hidden = state.comparison === undefined;
    const table = state.batch !== undefined && !isShowing(state) && !state.problem;
    this.#title.hidden = welcoming || table;
    this.#welcome.hidden = !welcoming;
    this.#batch.hidden = !table;
    this.#notice.hidden = !state.problem;
    this.#panel.hidden = !state.tab;
    this.#notice.dataset['code'] = state.problem?.code ?? '';
    render(welcoming ? welcome(state) : nothing, this.#welcome);
    // Thousands of rows are not looked through for every frame of a camera that hides them.
    if (table || !state.batch) render(this.#table(state), this.#batch);
    render(faceNumbers(state), this.#numbers);
    render(stage(state, this.#actions), this.#stage);
    render(notice(state, this.#actions), this.#notice);
    render(panel(state, this.#actions), this.#panel);
    render(bar(state, this.#actions), this.#bar);
  }

  #table({ batch }: State): unknown {
    return guard([batch], () => (batch ? batchView(batch, this.#actions) : nothing));
  }
}
