import { IBUG68, unitInWords, type LandmarkSchema } from '../datasets/schema.ts';
import type { Calibration } from '../evaluation/calibration.ts';
import { EXPONENTIAL, type ErrorLaw } from '../evaluation/error-law.ts';
import type { Summary } from '../evaluation/metrics.ts';
import type { PresenceReport } from '../evaluation/presence.ts';

type ByGroup<T> = Readonly<Record<string, T>>;

export function printPoints(points: ByGroup<Summary>, schema: LandmarkSchema = IBUG68): void {
  console.log(`Points: error over ${unitInWords(schema)}`);
  console.table(
    mapValues(points, ({ faces, found, nme, fr8, fr10, auc8, mae }) => ({
      faces,
      found,
      'NME %': nme.toFixed(3),
      'over 8 %': fr8.toFixed(2),
      'over 10 %': fr10.toFixed(2),
      'AUC 8 %': auc8.toFixed(2),
      'MAE px': mae.toFixed(2),
    })),
  );
}

export function printExpectedErrors(expectedError: ByGroup<Calibration>, law: ErrorLaw): void {
  const assumed = law === EXPONENTIAL ? ' (exponential, as the loss assumes)' : '';
  console.log(
    `Expected error: shares of the points within q * spread of the truth, q by a Weibull law of shape ${law.shape}${assumed}`,
  );
  console.table(
    mapValues(expectedError, ({ points, rho, ratio, within50, within90 }) => ({
      points,
      'rank correlation': rho.toFixed(3),
      'error / spread': ratio.toFixed(3),
      'in 50 % interval': `${within50.toFixed(1)} %`,
      'in 90 % interval': `${within90.toFixed(1)} %`,
    })),
  );
}

export function printPresence(presence: PresenceReport): void {
  console.log('Presence');
  const { facesKept, faces, offFaceRefused, offFace, faceLessRefused, faceLess } = presence;
  console.table({
    'faces kept': { crops: faces, share: `${facesKept.toFixed(2)} %` },
    'crops beside, inside, around a face refused': {
      crops: offFace,
      share: `${offFaceRefused.toFixed(2)} %`,
    },
    ...(faceLessRefused !== undefined && {
      'crops of pictures without a face refused': {
        crops: faceLess,
        share: `${faceLessRefused.toFixed(2)} %`,
      },
    }),
  });
}

function mapValues<A, B>(record: ByGroup<A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
