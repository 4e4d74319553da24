import { barChart, lineChart, type Series } from '../chart.ts';
import { mark } from '../columns.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { fixed, isKnown, namesOf, percent } from '../words.ts';

export function accuracy(reports: readonly RunReport[]): Html {
  const units = [...new Set(reports.map(({ unit }) => unit))].join('; ');
  const far = Math.max(0, ...reports.map(({ all }) => all.nme).filter(isKnown));
  const end = far < 4 ? 8 : far < 8 ? 16 : Math.ceil((far * 2.5) / 10) * 10;
  const curves = reports.map(({ name, errors }, run): Series => ({
    name,
    run,
    points: cumulative(errors, end),
  }));
  const regions = namesOf(
    reports.map((report) => report.regions.filter(({ nme }) => isKnown(nme)).map(({ name }) => name)),
  );
  return html`<section>
    <h2>Accuracy</h2>
    <p class="note">Errors are distances between predicted and annotated points, as a share of ${units}.</p>
    <div class="grid2">
      ${lineChart(
        { label: 'error of a face, %', from: 0, to: end },
        { label: 'share of faces below, %', from: 0, to: 100 },
        curves,
      )}
      ${
        regions.length === 0
          ? undefined
          : html`<div>
              <h3>By part of the face</h3>
              ${barChart(
                regions.map((name) => ({
                  label: name,
                  values: reports.map((report) => report.regions.find((region) => region.name === name)?.nme),
                })),
                percent,
              )}
            </div>`
      }
    </div>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>set</th>
            ${reports.length > 1 ? html`<th>run</th>` : undefined}
            <th>faces</th>
            <th>error %</th>
            <th>over 8 %</th>
            <th>over 10 %</th>
            <th>area to 8 %</th>
            <th>px</th>
          </tr>
        </thead>
        <tbody>
          ${namesOf(reports.map(({ sets }) => [...Object.keys(sets), 'all'])).flatMap((set) =>
            reports.flatMap((report, run) => {
              const summary = set === 'all' ? report.all : report.sets[set];
              if (!summary) return [];
              const { faces, nme, fr8, fr10, auc8, mae } = summary;
              return [
                html`<tr>
                  <td>${set}</td>
                  ${reports.length > 1 ? html`<td>${mark(run, reports)}${report.name}</td>` : undefined}
                  <td>${faces}</td>
                  <td>${fixed(nme, 2)}</td>
                  <td>${fixed(fr8, 1)}</td>
                  <td>${fixed(fr10, 1)}</td>
                  <td>${fixed(auc8, 1)}</td>
                  <td>${fixed(mae, 2)}</td>
                </tr>`,
              ];
            }),
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function cumulative(errors: readonly number[], end: number): [number, number][] {
  if (errors.length === 0) return [];
  const share = (count: number) => (100 * count) / errors.length;
  const points: [number, number][] = [[0, 0]];
  const inside = errors.filter((error) => error <= end);
  const every = Math.max(1, Math.floor(inside.length / 200));
  inside.forEach((error, i) => {
    if (i % every === 0 || i === inside.length - 1) points.push([error, share(i + 1)]);
  });
  points.push([end, share(inside.length)]);
  return points;
}
