import { mark } from '../columns.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { fixed, thousands } from '../words.ts';

export function heading(reports: readonly RunReport[]): Html {
  const [first] = reports;
  return html`<header>
    <h1>${reports.map(({ name }) => name).join(' against ')}</h1>
    <p class="lead">${reports.length === 1 ? sentence(first) : 'Two training runs side by side.'}</p>
    ${reports.map(
      (report, run) =>
        html`${
            reports.length > 1
              ? html`<h3>${mark(run, reports)}${report.name}</h3>
                  <p class="note">${sentence(report)}</p>`
              : undefined
          }
          <dl class="figures run${run}">
            ${figures(report).map(
              ([name, value, unit]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${value} <small>${unit}</small></dd>
                </div>`,
            )}
          </dl>`,
    )}
  </header>`;
}

function sentence({ run, all, split, epochs }: RunReport): string {
  const landmarks = run.settings.schema?.count ?? 68;
  const seen = epochs.length * run.settings.stepsPerEpoch * run.settings.batch;
  return `${run.network}, ${landmarks} ${landmarks === 1 ? 'point' : 'points'}, ${epochs.length} epochs, ${thousands(seen)} inputs seen. Measured on ${all.faces} faces of “${split}”.`;
}

function figures({ all, calibration: trust }: RunReport): [string, string, string][] {
  const rows: [string, string, string][] = [
    ['Mean error (NME)', fixed(all.nme, 2), '%'],
    ['In the picture', fixed(all.mae, 1), 'px'],
    ['Faces over 8 %', fixed(all.fr8, 1), '%'],
    ['Area under curve to 8 %', fixed(all.auc8, 1), '%'],
  ];
  if (trust) rows.push(['Rank correlation of expected error', fixed(trust.rankCorrelation, 2), '']);
  return rows;
}
