import { columns } from '../columns.ts';
import { html, type Html } from '../html.ts';
import type { Picture, RunReport } from '../run-report.ts';

export function galleries(reports: readonly RunReport[]): Html {
  const part = (title: string, pick: (report: RunReport) => readonly Picture[]) =>
    html`<h2>${title}</h2>
      ${columns(reports, (report) => html`<div class="gallery">${pick(report).map(face)}</div>`)}`;
  return html`<section>
    ${part('Worst faces', ({ worst }) => worst)}
    <p class="note">White rings are the annotation, yellow dots the prediction, joined where they differ.</p>
    ${part('Best faces', ({ best }) => best)}
  </section>`;
}

export function inside(reports: readonly RunReport[]): Html {
  return html`<section>
    <h2>What training sees</h2>
    <p class="note">Inputs as they are fetched, each time different where the run augments them.</p>
    ${columns(
      reports,
      ({ augmented, labelsNote }) =>
        html`${labelsNote ? html`<p class="note">${labelsNote}</p>` : ''}
          <div class="gallery small">${augmented.map(face)}</div>`,
    )}
    <h2>First layer</h2>
    ${columns(reports, ({ filters }) =>
      filters
        ? html`<p class="note">
              ${filters.count} filters of ${filters.side}×${filters.side}, each scaled by its largest weight;
              middle grey is zero.
            </p>
            <img
              class="filters"
              src="${filters.source}"
              width="${filters.width}"
              height="${filters.height}"
              alt="The filters of the first layer"
            />`
        : html`<p class="note">No convolution over grey to show.</p>`,
    )}
  </section>`;
}

function face({ source, width, height, truth, predicted, caption }: Picture): Html {
  const few = truth.length <= 4;
  const marks: Html[] = [];
  for (let i = 0; i < truth.length; i += 2) {
    const [x, y] = [truth[i], truth[i + 1]];
    const known = x !== null && y !== null;
    const scale = width / 200;
    const ring = known
      ? html`<circle class="truth" cx="${x}" cy="${y}" r="${((few ? 6 : 1.9) * scale).toFixed(1)}" />`
      : undefined;
    const guess = predicted
      ? html`${known ? html`<line class="miss" x1="${x}" y1="${y}" x2="${predicted[i]}" y2="${predicted[i + 1]}" />` : undefined}<circle
            class="guess"
            cx="${predicted[i]}"
            cy="${predicted[i + 1]}"
            r="${((few ? 3.5 : 1.5) * scale).toFixed(1)}"
          />`
      : undefined;
    marks.push(html`${ring}${guess}`);
  }
  return html`<figure>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Face${caption ? `, error ${caption}` : ''}">
      <image href="${source}" width="${width}" height="${height}" />
      ${marks}</svg
    >${caption ? html`<figcaption>${caption}</figcaption>` : undefined}
  </figure>`;
}
