import { barChart, type Bar } from '../chart.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { namesOf, percent } from '../words.ts';

export function conditions(reports: readonly RunReport[]): Html | undefined {
  const names = namesOf(reports.map((report) => report.conditions.map(({ name }) => name)));
  if (names.length === 0) return undefined;
  return html`<section>
    <h2>Where it is hard</h2>
    <p class="note">Mean error of faces that are alike in one thing. Quarters hold equally many faces.</p>
    <div class="grid2">
      ${names.map((name) => {
        const found = reports.map((report) => report.conditions.find((condition) => condition.name === name));
        const measure = found.find((condition) => condition)?.measure;
        const labels = namesOf(found.map((condition) => condition?.groups.map(({ label }) => label) ?? []));
        const bars = labels.map((label): Bar => {
          const groups = found.map((condition) => condition?.groups.find((group) => group.label === label));
          return {
            label,
            note: groups.map((group) => group && `${group.faces} faces`).find((text) => text),
            values: groups.map((group) => group?.nme),
          };
        });
        return html`<div>
          <h3>${name}</h3>
          <p class="note">${measure}</p>
          ${barChart(bars, percent)}
        </div>`;
      })}
    </div>
  </section>`;
}
