import { html, type Html } from './html.ts';
import type { RunReport } from './run-report.ts';

export function columns(reports: readonly RunReport[], part: (report: RunReport) => Html): Html {
  if (reports.length === 1) return part(reports[0]);
  return html`<div class="grid2">
    ${reports.map(
      (report, run) =>
        html`<div>
          <h3>${mark(run, reports)}${report.name}</h3>
          ${part(report)}
        </div>`,
    )}
  </div>`;
}

export function mark(run: number, reports: readonly RunReport[]): Html | undefined {
  return reports.length > 1 ? html`<span class="who run${run}"></span>` : undefined;
}
