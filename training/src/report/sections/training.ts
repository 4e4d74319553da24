import { lineChart, type Series } from '../chart.ts';
import { html, type Html } from '../html.ts';
import type { RunReport } from '../run-report.ts';
import { isKnown } from '../words.ts';

export function training(reports: readonly RunReport[]): Html {
  const line = (
    pick: (epoch: RunReport['epochs'][number]) => number | undefined,
    name: string,
    dashed = false,
  ): Series[] =>
    reports.map((report, run) => ({
      name: reports.length > 1 ? `${report.name}${name && `, ${name}`}` : name,
      run,
      dashed,
      points: report.epochs.flatMap((epoch) => {
        const value = pick(epoch);
        return isKnown(value) ? [[epoch.epoch, value] as const] : [];
      }),
    }));
  const squared = reports.every(({ run }) => run.settings.objective === 'mse');
  const epochs = {
    label: 'epoch',
    whole: true,
    from: reports.every(({ epochs }) => epochs.length > 1) ? 1 : undefined,
  };
  return html`<section>
    <h2>Training</h2>
    <p class="note">
      ${squared ? 'The loss is the mean squared error of the coordinates, width and height being 1.' : undefined}
      ${measuredOn(reports)}
    </p>
    <div class="grid2">
      ${lineChart(epochs, { label: 'loss', log: squared || 'where-steep' }, [
        ...line(({ loss }) => loss, 'training'),
        ...(squared ? line(({ valLoss }) => valLoss, 'held out', true) : []),
      ])}
      ${lineChart(
        epochs,
        { label: 'mean error, %', log: 'where-steep' },
        line(({ val }) => val.all?.nme, ''),
      )}
      ${lineChart(
        epochs,
        { label: 'learning rate at the end of each epoch', from: 0 },
        line(({ rate }) => rate, ''),
      )}
      ${lineChart(
        epochs,
        { label: 'inputs a second', from: 0 },
        line(({ imagesPerSecond }) => imagesPerSecond, ''),
      )}
    </div>
  </section>`;
}

/** In a run without faces to validate on no epoch was measured, and what the page says of errors is of its training faces. */
function measuredOn(reports: readonly RunReport[]): string {
  const seen = reports.filter(({ split }) => split === 'train').map(({ name }) => name);
  const weights = reports.some(({ run }) => run.settings.averaging > 0) ? 'of the averaged weights, ' : '';
  const rule = `Errors are ${weights}on faces that are not trained on`;
  if (seen.length === 0) return `${rule}.`;
  const none = 'there were no others to measure on, and no errors by epoch';
  return seen.length === reports.length
    ? `Errors are ${weights}on faces that were trained on: ${none}.`
    : `${rule}; those of ${seen.join(' and ')} are on faces that were: ${none}.`;
}
