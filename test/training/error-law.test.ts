import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrationOf } from '../../training/src/evaluation/calibration.ts';
import {
  corrected,
  EXPONENTIAL,
  fitCorrection,
  fitLaw,
  quantile,
} from '../../training/src/evaluation/error-law.ts';
import { logGamma, mean, rankCorrelation } from '../../training/src/support/statistics.ts';
import { randomOf } from '../../training/src/support/random.ts';

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} should be ${expected} to ${tolerance}`);

/** Distances by a Weibull law whose mean is `exp(offset + slope * log(spread))`. */
function draw(count: number, shape: number, offset: number, slope: number) {
  const random = randomOf(count, shape * 100);
  return Array.from({ length: count }, () => {
    const spread = Math.exp(random.normal() * 0.5 - 4);
    const mean = Math.exp(offset + slope * Math.log(spread));
    const unit = (-Math.log(1 - random.uniform())) ** (1 / shape) / Math.exp(logGamma(1 + 1 / shape));
    return { spread, distance: mean * unit };
  });
}

const meanLog = (pairs: readonly { spread: number }[]) => mean(pairs.map(({ spread }) => Math.log(spread)));

test('rank correlation looks at order alone, and ties share a rank', () => {
  assert.equal(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1000]), 1);
  assert.equal(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
  near(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4]), 0.9487, 1e-4);
});

test('the gamma function at whole numbers and one half', () => {
  near(logGamma(5), Math.log(24), 1e-9);
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-9);
});

test('quantiles of the exponential law, and of a Gaussian error in the plane', () => {
  near(quantile(EXPONENTIAL, 0.5), Math.LN2, 1e-9);
  near(quantile(EXPONENTIAL, 0.9), Math.log(10), 1e-9);
  // Rayleigh with mean 1: sigma is sqrt(2 / pi), the median sigma * sqrt(2 ln 2).
  near(quantile({ law: 'weibull', shape: 2 }, 0.5), Math.sqrt(2 / Math.PI) * Math.sqrt(2 * Math.LN2), 1e-9);
});

test('the correction makes spread the expected error, whatever the law', () => {
  for (const shape of [1, 1.7]) {
    const pairs = draw(20_000, shape, 0.8, 1.2);
    const correction = fitCorrection(pairs);
    near(correction.offset, 0.8, 0.15);
    near(correction.slope, 1.2, 0.03);
    const fixed = pairs.map((pair) => ({ ...pair, spread: corrected(correction, pair.spread) }));
    near(calibrationOf(fixed, EXPONENTIAL).ratio, 1, 0.02);
  }
});

test('spreads that are far too small, and differ much, are corrected as well', () => {
  for (const times of [3, 10, 60, 1 / 60])
    for (let drawn = 0; drawn < 20; drawn++) {
      const random = randomOf(drawn, 3);
      const pairs = Array.from({ length: 2000 }, () => {
        const spread = Math.exp(random.normal() - 4);
        return { spread, distance: -times * spread * Math.log(1 - random.uniform()) };
      });
      const { offset, slope } = fitCorrection(pairs);
      near(slope, 1, 0.12);
      near(offset, Math.log(times), 0.5);
      const ratios = pairs.map((pair) => pair.distance / corrected({ offset, slope }, pair.spread));
      near(mean(ratios), 1, 1e-6);
      near(mean(ratios.map((ratio, i) => ratio * Math.log(pairs[i].spread))), meanLog(pairs), 1e-6);
    }
});

test('where the error hardly depends on the spread, the slope is found from far away', () => {
  const pairs = draw(5000, 1.3, -1, 0.1).map((pair) => ({ ...pair, spread: pair.spread ** 3 }));
  near(fitCorrection(pairs).slope, 0.1 / 3, 0.02);
});

test('what has no correction is refused, not answered with no number', () => {
  const refused = (...pairs: [distance: number, spread: number][]) =>
    assert.throws(
      () => fitCorrection(pairs.map(([distance, spread]) => ({ distance, spread }))),
      /expected errors cannot be fitted/,
    );
  refused();
  refused([1, 2], [1, 0]);
  refused([1, 2], [1, NaN], [2, 3]);
  refused([1, 2], [1, Infinity], [2, 3]);
  refused([0, 1], [0, 2]);
});

test('where all spreads are alike, only their size is corrected', () => {
  const pairs = [1, 2, 3].map((distance) => ({ distance, spread: 0.5 }));
  const { offset, slope } = fitCorrection(pairs);
  assert.equal(slope, 1);
  near(Math.exp(offset) * 0.5, 2, 1e-9);
});

test('the fitted law holds as many points in its intervals as it says', () => {
  const pairs = draw(20_000, 1.6, 0, 1);
  const law = fitLaw(pairs);
  near(law.shape, 1.6, 0.04);
  const { within50, within90, rho, points } = calibrationOf(pairs, law);
  assert.equal(points, 20_000);
  near(within50, 50, 1);
  near(within90, 90, 1);
  assert.ok(rho > 0.3);
  assert.ok(calibrationOf(pairs, EXPONENTIAL).within50 < 45, 'and the exponential law does not');
});
