import type { Actions } from '../../app/src/actions.ts';
import type { BatchItem } from '../../app/src/batch.ts';
import { loadSettings } from '../../app/src/settings.ts';
import { initialState, NO_LIVE, type State } from '../../app/src/state.ts';
import { Page } from '../../app/src/views/page.ts';
import { equal } from './support.ts';

const PLACES = [
  'title',
  'welcome',
  'batch',
  'over',
  'notice',
  'panel',
  'bar',
  'compare-names',
  'face-numbers',
];

/** What the page hides must not cost a camera beside it its pictures. */
describe('the table of many pictures', () => {
  /** Rows drawn since last asked. */
  let drawn = 0;
  const item = (name: string): BatchItem => ({
    file: new File([''], name),
    status: 'done',
    faces: [],
    get ms() {
      drawn++;
      return 1;
    },
  });
  const drawnSince = (): number => {
    const count = drawn;
    drawn = 0;
    return count;
  };
  const shown = (): string[] =>
    [...document.querySelectorAll('#batch tbody th')].map((cell) => cell.textContent!.trim());
  let page: Page, state: State;
  function draw(patch: Partial<State>): void {
    state = { ...state, ...patch };
    page.draw(state);
  }

  beforeEach(() => {
    document.body.append(
      ...PLACES.map((id) => Object.assign(document.createElement('div'), { id })),
      Object.assign(document.createElement('dialog'), { id: 'question' }),
    );
    page = new Page({} as Actions);
    const items = ['a.png', 'b.png', 'c.png'].map(item);
    state = initialState(loadSettings());
    draw({ batch: { items, running: true, progress: undefined } });
    drawnSince();
  });
  afterEach(() => document.body.replaceChildren());

  it('draws the rows that have changed, and no other', () => {
    draw({ dropping: true });
    equal(drawnSince(), 0, 'rows drawn for something else');
    const items = state.batch!.items.with(1, item('other.png'));
    draw({ batch: { ...state.batch!, items } });
    equal(shown().join(), 'a.png,other.png,c.png');
    equal(drawnSince(), 1, 'rows drawn for one of them');
  });

  it('rests while it is hidden, and is up to date when it comes back', () => {
    draw({ input: { kind: 'camera' }, phase: 'running' });
    const items = state.batch!.items.with(2, item('done meanwhile.png'));
    draw({ batch: { ...state.batch!, items }, live: { ...NO_LIVE } });
    equal(drawnSince(), 0, 'rows drawn beside a camera');
    draw({ input: { kind: 'none' }, phase: 'idle' });
    equal(shown().join(), 'a.png,b.png,done meanwhile.png');
    draw({ batch: undefined });
    equal(shown().join(), '', 'closed');
  });
});
