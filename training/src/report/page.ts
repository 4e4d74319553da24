import { html, Html } from './html.ts';
import type { RunReport } from './run-report.ts';
import { accuracy } from './sections/accuracy.ts';
import { calibration } from './sections/calibration.ts';
import { conditions } from './sections/conditions.ts';
import { galleries, inside } from './sections/faces.ts';
import { presence } from './sections/presence.ts';
import { settings } from './sections/settings.ts';
import { heading } from './sections/summary.ts';
import { training } from './sections/training.ts';
import { STYLE } from './style.ts';

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
            presence(reports),
            galleries(reports),
            inside(reports),
            settings(reports),
          ]}
        </main>
      </body>
    </html>`;
  return page.text.replace(/\n\s+/g, '\n');
}
