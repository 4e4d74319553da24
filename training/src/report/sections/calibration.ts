import { lineChart, type Series } from '../chart.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { fixed, percent, thousands } from '../words.ts';

export function calibration(reports: readonly RunReport[]): Html | undefined {
  const stated = reports.flatMap(({ name, calibration: trust }, run) =>
    trust ? [{ name, run, trust }] : [],
  );
  if (stated.length === 0) return undefined;
  const largest = Math.max(
    ...stated.flatMap(({ trust }) => trust.groups.map((g) => Math.max(g.expected, g.real))),
  );
  const even = (to: number): Series => ({
    name: 'as stated',
    run: 0,
    guide: true,
    points: [
      [0, 0],
      [to, to],
    ],
  });
  return html`<section>
    <h2>Does it know how wrong it is?</h2>
    <p class="note">
      The network gives an expected error for each point. On the dotted line it would be exactly right; above
      it in the first chart, it is too careful. Circles are drawn by the exponential law that the loss
      assumes; export fits a law to the faces instead. Errors are shares of the same unit as above.
    </p>
    <div class="grid2">
      ${lineChart(
        { label: 'circle should hold the truth, %', from: 0, to: 100 },
        { label: 'circle holds the truth, %', from: 0, to: 100 },
        [
          even(100),
          ...stated.map(({ name, run, trust }): Series => ({
            name,
            run,
            points: trust.intervals.map(({ nominal, observed }) => [100 * nominal, 100 * observed]),
          })),
        ],
      )}
      ${lineChart(
        { label: 'expected error, %', from: 0, to: largest },
        { label: 'real error, %', from: 0, to: largest },
        [
          even(largest),
          ...stated.map(({ name, run, trust }): Series => ({
            name,
            run,
            points: trust.groups.map(({ expected, real }) => [expected, real]),
          })),
        ],
      )}
    </div>
    ${stated.map(({ name, trust }) => {
      const held = (nominal: number) =>
        percent(100 * (trust.intervals.find((interval) => interval.nominal === nominal)?.observed ?? NaN));
      return html`<p class="note">
        ${reports.length > 1 ? `${name}: ` : ''}rank correlation of expected and real error over
        ${thousands(trust.points)} points: ${fixed(trust.rankCorrelation, 2)}; the 50 % circles hold
        ${held(0.5)}, the 90 % circles ${held(0.9)}.
      </p>`;
    })}
  </section>`;
}
