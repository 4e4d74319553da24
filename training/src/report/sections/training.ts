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
      Errors are of the averaged weights, on faces that are not trained on.
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
