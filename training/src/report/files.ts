import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FILES } from '../trainer/run-folder.ts';
import { reportPage } from './page.ts';
import type { RunReport } from './run-report.ts';

const [FIGURES, PAGE] = REPORT_FILES;

/** Writes a run's figures and its page into its folder. @returns the page's path */
export async function writeReport(folder: string, report: RunReport): Promise<string> {
  await writeWhole(join(folder, FIGURES), JSON.stringify(report));
  return writePage(join(folder, PAGE), [report]);
}

/** @returns `file` */
export async function writePage(file: string, reports: readonly RunReport[]): Promise<string> {
  await writeWhole(file, reportPage(reports));
  return file;
}

/** The figures as a run left them; undefined when it has not been measured, or by an older version. */
export async function readReport(folder: string): Promise<RunReport | undefined> {
  const text = await readFile(join(folder, FIGURES), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const report = JSON.parse(text) as RunReport;
  return report.format === 'face-keypoints-report/2' ? report : undefined;
}

/**
 * Whether measuring again would give the same: after as many epochs, and by float32 products. A training run that
 * multiplies in bfloat16 measures so as well.
 */
export function isUpToDate({ epochs, products }: RunReport, epoch: number): boolean {
  return epochs.length === epoch && products === 'float32';
}

/** Written beside and renamed: a kill leaves the old file or the new one. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}
