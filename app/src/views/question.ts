import { html, render, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { unsaved, type State, type Unsaved } from '../state.ts';

/**
 * Asks before unsaved work goes. The browser's own modal dialog: it keeps the focus, gives it back, and ends by Escape
 * or a phone's Back, which keep what there is.
 */
export class QuestionDialog {
  readonly #dialog: HTMLDialogElement;
  readonly #actions: Actions;
  #asked: Unsaved | undefined;
  /** Whether there was a focus to give back. */
  #focused = false;

  constructor(dialog: HTMLDialogElement, actions: Actions) {
    this.#dialog = dialog;
    this.#actions = actions;
    dialog.addEventListener('cancel', () => actions.keep());
    // Where a browser closes it without asking; it tells later, when the next question may be open.
    dialog.addEventListener('close', () => {
      if (!dialog.open) actions.keep();
    });
  }

  draw(state: State): void {
    const { question } = state;
    if (question) render(words(question, state, this.#actions), this.#dialog);
    if (question === this.#asked) return;
    this.#asked = question;
    // Another question is another dialog: its buttons are not where the focus was.
    this.#dialog.close();
    if (question) {
      this.#focused = document.activeElement !== document.body;
      this.#dialog.showModal();
    } else if (this.#focused && !this.#isFocusBack()) document.getElementById('details')?.focus();
  }

  /** It is not where what asked has gone meanwhile, or rests; browsers take it from a hidden element only later. */
  #isFocusBack(): boolean {
    const { activeElement, body } = document;
    return activeElement !== body && !this.#dialog.contains(activeElement);
  }
}

/** The focus is on the title, so that a key held on what asked answers nothing. */
function words(question: Unsaved, state: State, actions: Actions): TemplateResult {
  const { title, it, file } = question === 'results' ? ofTable(unsaved(state).results) : OF_RECORDING;
  return html`
    <h2 id="question-title" tabindex="-1" autofocus>${title}</h2>
    <p id="question-text">Only this page has ${it}.</p>
    <button type="button" class="primary" id=${`save-${question}`} @click=${() => void actions.saveAndGoOn()}>
      Save as ${file}
    </button>
    <button type="button" id=${`lose-${question}`} @click=${actions.goOn}>Go on without saving</button>
    <button type="button" id=${`keep-${question}`} @click=${actions.keep}>Keep ${it}</button>
  `;
}

const OF_RECORDING = { title: 'The recording is not saved yet', it: 'it', file: 'JSON lines' };

/** @param count of pictures */
const ofTable = (count: number): typeof OF_RECORDING =>
  count === 1
    ? { title: '1 result is not saved yet', it: 'it', file: 'CSV' }
    : { title: `${count} results are not saved yet`, it: 'them', file: 'CSV' };
