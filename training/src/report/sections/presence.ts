import { mark } from '../columns.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { percent, thousands } from '../words.ts';

export function presence(reports: readonly RunReport[]): Html | undefined {
  const asked = reports.flatMap(({ name, presence: report, run }, index) =>
    report ? [{ name, report, run, index }] : [],
  );
  if (asked.length === 0) return undefined;
  const shown = (share: number | undefined, crops: number | undefined) =>
    share === undefined || crops === undefined
      ? html`<td>–</td>`
      : html`<td>${percent(share)} <small>of ${thousands(crops)}</small></td>`;
  return html`<section>
    <h2>Does it know where no face is?</h2>
    <p class="note">
      Below a presence of one half the tracker lets a face go. Faces should be kept; crops beside, far inside
      or far around a face, and of pictures without one, refused.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${reports.length > 1 ? html`<th>run</th>` : undefined}
            <th>faces kept</th>
            <th>crops off a face refused</th>
            <th>crops without a face refused</th>
          </tr>
        </thead>
        <tbody>
          ${asked.map(
            ({ name, report, index }) =>
              html`<tr>
                ${reports.length > 1 ? html`<td>${mark(index, reports)}${name}</td>` : undefined}
                ${shown(report.facesKept, report.faces)} ${shown(report.offFaceRefused, report.offFace)}
                ${shown(report.faceLessRefused, report.faceLess)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${asked
      .filter(({ report, run }) => report.faceLess !== undefined && !run.negativesHeldOut)
      .map(
        ({ name }) =>
          html`<p class="note">
            ${reports.length > 1 ? `${name}: t` : 'T'}he run has seen the pictures without a face in training.
          </p>`,
      )}
  </section>`;
}
