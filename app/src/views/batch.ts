import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Actions } from '../actions.ts';
import type { Batch, BatchItem } from '../batch.ts';
import { pathOf } from '../inputs/folders.ts';
import { milliseconds } from './figures.ts';
import { loadingBar } from './loading.ts';
import { shownName } from './file-name.ts';

/** Many pictures: a row each. */
export function batchView({ items, running, progress }: Batch, actions: Actions): TemplateResult {
  const done = items.filter(({ status }) => status === 'done' || status === 'failed').length;
  const stopped = !running && done < items.length;
  const failed = items.filter(({ status }) => status === 'failed').length;
  const faces = items.reduce((sum, item) => sum + (item.faces?.length ?? 0), 0);
  return html`
    <div class="batch">
      <header>
        <h1>${items.length} pictures</h1>
        <p role="status">
          ${running || stopped ? `${done} of ${items.length} done` : 'All done'}, ${faces}
          ${faces === 1 ? 'face' : 'faces'} found${failed ? `, ${failed} not read` : ''}
        </p>
        ${
          progress
            ? loadingBar('batch-loading', progress)
            : running
              ? html`<progress max=${items.length} .value=${done} aria-label="Pictures done"></progress>`
              : nothing
        }
        <p class="buttons">
          ${
            stopped
              ? html`<button type="button" id="batch-go-on" @click=${actions.goOnWithBatch}>
                  Go on<small>with the others</small>
                </button>`
              : nothing
          }
          <button
            type="button"
            id="batch-csv"
            ?disabled=${!done}
            @click=${() => void actions.saveBatch('csv')}
          >
            CSV<small>a row a face</small>
          </button>
          <button
            type="button"
            id="batch-jsonl"
            ?disabled=${!done}
            @click=${() => void actions.saveBatch('jsonl')}
          >
            JSON lines<small>a line a picture</small>
          </button>
        </p>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Picture</th>
            <th scope="col">Faces</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          ${items.map((item) => guard([item], () => row(item, actions)))}
        </tbody>
      </table>
    </div>
  `;
}

function row(item: BatchItem, { openItem }: Actions): TemplateResult {
  const { file, thumbnail, status, faces, ms, message } = item;
  const path = pathOf(file);
  return html`
    <tr data-status=${status}>
      <th scope="row">
        <button type="button" class="item" title=${path} aria-label=${path} @click=${() => openItem(file)}>
          ${thumbnail ? html`<img src=${thumbnail} width="48" height="48" alt="" />` : html`<span class="thumb"></span>`}
          ${shownName(path)}
        </button>
      </th>
      <td colspan=${status === 'failed' ? 2 : 1}>
        ${status === 'failed' ? html`<small>${message}</small>` : status === 'done' ? faces?.length : status}
      </td>
      ${status === 'failed' ? nothing : html`<td>${ms === undefined ? '' : `${milliseconds(ms)} ms`}</td>`}
    </tr>
  `;
}
