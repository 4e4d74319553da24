import type { Corrections } from '../../teacher/correction.ts';
import { columns } from '../columns.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { listed, minutes, thousands } from '../words.ts';

export function settings(reports: readonly RunReport[]): Html {
  return html`<section>
    <h2>How it was made</h2>
    ${columns(reports, (report) => {
      const { run, weights, terms, epochs } = report;
      const { settings: how } = run;
      const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
      const rows: [string, string | Html | undefined][] = [
        [
          'command',
          html`<code
            >${['npm run train', ...(run.command.length > 0 ? ['--'] : []), ...run.command].join(' ')}</code
          >`,
        ],
        [
          'network',
          `${run.network}, ${thousands(weights)} weights${how.width ? `, widest layer ${how.width}` : ''}`,
        ],
        ['input', inputInWords(how)],
        ['points', `${how.schema?.count ?? 68} (${how.schema?.name ?? 'ibug68'})`],
        ['loss', how.objective === 'mse' ? 'mean squared error' : listed(how.loss)],
        [
          'optimiser',
          `Adam, ${how.rates ? `constant ${how.rates.length > 1 ? 'rates' : 'rate'} ${how.rates.map(({ factor }) => how.rate * factor).join(', then ')}` : `rate ${how.rate} with warm-up and cosine`}, batch ${how.batch}`,
        ],
        [
          'length',
          `${epochs.length < how.epochs ? `${epochs.length} of ` : ''}${how.epochs} ${how.epochs === 1 ? 'epoch' : 'epochs'} of ${how.stepsPerEpoch} steps, ${minutes(seconds)}`,
        ],
        ['augmentation', how.picture ? undefined : listed(how.augmentation)],
        ['teacher', run.teacher],
        ['labels corrected', run.teacher && how.corrections && correctionsInWords(how.corrections)],
        ['seed', String(how.seed)],
        ['engine', run.engine],
        ['measured', measuredInWords(report)],
        ['started', run.started.slice(0, 16).replace('T', ' ')],
        ['data', `${run.data ?? 'faces drawn by code'}: ${listed(run.faces)}`],
        ['its terms', html`${terms.map((line) => html`${line}<br />`)}`],
      ];
      return html`<dl class="settings">
        ${rows.map(([name, value]) =>
          value === undefined
            ? html``
            : html`<dt>${name}</dt>
                <dd>${value}</dd>`,
        )}
      </dl>`;
    })}
  </section>`;
}

function correctionsInWords(corrections: Corrections): string {
  const words = ({ register, share = 0, fill }: Corrections[string]) =>
    [
      register && 'scale and place fitted to the teacher’s points',
      share === 1
        ? 'taken from the teacher'
        : share > 0 && `moved ${100 * share} % of the way to the teacher’s`,
      fill && 'missing points taken from the teacher',
    ]
      .filter((text) => text)
      .join(', ');
  return Object.entries(corrections)
    .map(([set, correction]) => `${set}: ${words(correction)}`)
    .join('; ');
}

function measuredInWords({ products }: RunReport): string {
  return products === 'float32'
    ? 'with products of float32'
    : 'with products of bfloat16 where the processor can; npm run report measures with float32';
}

function inputInWords({ picture, size, cropFactor }: RunReport['run']['settings']): string {
  if (!picture) return `square crop of the face, ${size} px, its box enlarged ${cropFactor} times`;
  const { width, height, rotation, shift, brightness, contrast } = picture;
  const changes = [
    rotation > 0 && `turned within ${rotation}°`,
    shift > 0 && `moved within ${100 * shift} % of the way from the centre to the edge`,
    brightness > 0 && `brightness within ${100 * brightness} %`,
    contrast > 0 && `contrast within ${100 * contrast} %`,
  ].filter((text) => text);
  return `whole picture, ${width}×${height}${changes.length > 0 ? `; ${changes.join(', ')}` : ''}`;
}
