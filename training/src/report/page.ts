import { barChart, lineChart, type Bar, type Series } from './chart.ts';
import { html, Html } from './html.ts';
import type { Picture, RunReport } from './run-report.ts';
import { STYLE } from './style.ts';

/** The page of a run, or of two side by side: one file that needs nothing else. */
export function reportPage(reports: readonly RunReport[]): string {
  const title = reports.map(({ name }) => name).join(' and ');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Training report: ${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${[
            heading(reports),
            training(reports),
            accuracy(reports),
            conditions(reports),
            calibration(reports),
            galleries(reports),
            inside(reports),
            settings(reports),
          ]}
        </main>
      </body>
    </html>`;
  return page.text.replace(/\n\s+/g, '\n');
}

function heading(reports: readonly RunReport[]): Html {
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
    ['Mean error (NME)', all.nme.toFixed(2), '%'],
    ['In the picture', all.mae.toFixed(1), 'px'],
    ['Faces over 8 %', all.fr8.toFixed(1), '%'],
    ['Area under curve to 8 %', all.auc8.toFixed(1), '%'],
  ];
  if (trust) rows.push(['Rank correlation of expected error', trust.rankCorrelation.toFixed(2), '']);
  return rows;
}

function training(reports: readonly RunReport[]): Html {
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
        return value === undefined ? [] : [[epoch.epoch, value] as const];
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

function accuracy(reports: readonly RunReport[]): Html {
  const units = [...new Set(reports.map(({ unit }) => unit))].join('; ');
  const far = Math.max(...reports.map(({ all }) => all.nme));
  const end = far < 4 ? 8 : far < 8 ? 16 : Math.ceil((far * 2.5) / 10) * 10;
  const curves = reports.map(({ name, errors }, run): Series => ({
    name,
    run,
    points: cumulative(errors, end),
  }));
  const regions = namesOf(reports.map((report) => report.regions.map(({ name }) => name)));
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
                  <td>${nme.toFixed(2)}</td>
                  <td>${fr8.toFixed(1)}</td>
                  <td>${fr10.toFixed(1)}</td>
                  <td>${auc8.toFixed(1)}</td>
                  <td>${mae.toFixed(2)}</td>
                </tr>`,
              ];
            }),
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Share of faces, %, at or below each error; the steps of a small set are shown as they are. */
function cumulative(errors: readonly number[], end: number): [number, number][] {
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

function conditions(reports: readonly RunReport[]): Html | undefined {
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

function calibration(reports: readonly RunReport[]): Html | undefined {
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
      it in the first chart, it is too careful.
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
        { label: 'expected error, px', from: 0, to: largest },
        { label: 'real error, px', from: 0, to: largest },
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
        ${thousands(trust.points)} points: ${trust.rankCorrelation.toFixed(2)}; the 50 % circles hold
        ${held(0.5)}, the 90 % circles ${held(0.9)}.
      </p>`;
    })}
  </section>`;
}

function galleries(reports: readonly RunReport[]): Html {
  const part = (title: string, pick: (report: RunReport) => readonly Picture[]) =>
    html`<h2>${title}</h2>
      ${columns(reports, (report) => html`<div class="gallery">${pick(report).map(face)}</div>`)}`;
  return html`<section>
    ${part('Worst faces', ({ worst }) => worst)}
    <p class="note">White rings are the annotation, yellow dots the prediction, joined where they differ.</p>
    ${part('Best faces', ({ best }) => best)}
  </section>`;
}

function inside(reports: readonly RunReport[]): Html {
  return html`<section>
    <h2>What training sees</h2>
    <p class="note">Inputs as they are fetched, each time different where the run augments them.</p>
    ${columns(reports, ({ augmented }) => html`<div class="gallery small">${augmented.map(face)}</div>`)}
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

function settings(reports: readonly RunReport[]): Html {
  return html`<section>
    <h2>How it was made</h2>
    ${columns(reports, (report) => {
      const { run, weights, terms, epochs } = report;
      const { settings: how } = run;
      const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
      const rows: [string, string | Html | undefined][] = [
        ['command', html`<code>npm run train -- ${run.command.join(' ')}</code>`],
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
          `${epochs.length < how.epochs ? `${epochs.length} of ` : ''}${how.epochs} epochs of ${how.stepsPerEpoch} steps, ${minutes(seconds)}`,
        ],
        ['augmentation', how.picture ? undefined : listed(how.augmentation)],
        ['seed', String(how.seed)],
        ['engine', run.engine],
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

/** The same for each run, side by side where there are two. */
function columns(reports: readonly RunReport[], part: (report: RunReport) => Html): Html {
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

function mark(run: number, reports: readonly RunReport[]): Html | undefined {
  return reports.length > 1 ? html`<span class="who run${run}"></span>` : undefined;
}

function namesOf(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

function listed(record: object): string {
  return Object.entries(record as Record<string, number>)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function percent(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} %`;
}

function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function minutes(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
}
