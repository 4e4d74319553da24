import { html, type Html } from './html.ts';
import { isKnown } from './words.ts';

export interface Series {
  readonly name: string;
  /** Which run it is of: decides the colour. */
  readonly run: number;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
  /** A grey line to compare with, which the legend leaves out. */
  readonly guide?: boolean;
}

export interface Axis {
  readonly label: string;
  readonly from?: number;
  readonly to?: number;
  /** `where-steep`: when the largest value is several times the smallest. */
  readonly log?: boolean | 'where-steep';
  /** Counts something: ends at its last value, and is marked at whole numbers. */
  readonly whole?: boolean;
}

const WIDTH = 420;
const HEIGHT = 260;
/** Above this ratio a linear axis hides all but the beginning. */
const STEEP = 4;
const MARGIN = { left: 48, right: 14, top: 12, bottom: 40 };

/** Lines over two axes, where there are any. Drawn as wide as a phone, so that its letters are not shrunk there. */
export function lineChart(x: Axis, y: Axis, series: readonly Series[]): Html | undefined {
  const drawn = series.filter(({ points }) => points.length > 0);
  const named = drawn.filter(({ guide }) => !guide);
  if (named.length === 0) return undefined;
  const all = drawn.flatMap(({ points }) => points);
  const across = scaleOf(
    x,
    all.map((point) => point[0]),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const up = scaleOf(
    y,
    all.map((point) => point[1]),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${y.label} over ${x.label}">
      ${up.ticks.map(
        (value) =>
          html`<line
              class="grid"
              x1="${MARGIN.left}"
              x2="${WIDTH - MARGIN.right}"
              y1="${up.at(value)}"
              y2="${up.at(value)}"
            /><text class="tick" text-anchor="end" x="${MARGIN.left - 7}" y="${round(up.at(value) + 4)}"
              >${up.format(value)}</text
            >`,
      )}
      ${across.ticks.map(
        (value) =>
          html`<text
            class="tick"
            text-anchor="middle"
            x="${across.at(value)}"
            y="${HEIGHT - MARGIN.bottom + 17}"
            >${across.format(value)}</text
          >`,
      )}
      <line
        class="axis"
        x1="${MARGIN.left}"
        x2="${WIDTH - MARGIN.right}"
        y1="${HEIGHT - MARGIN.bottom}"
        y2="${HEIGHT - MARGIN.bottom}"
      />
      ${drawn.map(
        ({ run, points, dashed, guide, name }) =>
          html`<polyline
              class="line ${guide ? 'guide' : `run${run}`} ${dashed ? 'dashed' : ''}"
              points="${points.map(([px, py]) => `${across.at(px)},${up.at(py)}`).join(' ')}"
              ><title>${name}</title></polyline
            >${points.length === 1 ? html`<circle class="dot run${run}" cx="${across.at(points[0][0])}" cy="${up.at(points[0][1])}" r="3.5" />` : undefined}`,
      )}
      <text
        class="label"
        text-anchor="middle"
        x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}"
        y="${HEIGHT - 4}"
      >
        ${x.label}
      </text>
    </svg>
    <figcaption><span class="measure">${y.label}</span>${legend(named)}</figcaption>
  </figure>`;
}

function legend(series: readonly Series[]): Html | undefined {
  if (series.length < 2) return undefined;
  const entries = series.map(
    ({ name, run, dashed }) =>
      html`<span class="key"><i class="run${run} ${dashed ? 'dashed' : ''}"></i>${name}</span>`,
  );
  return html`<span class="legend">${entries}</span>`;
}

export interface Bar {
  readonly label: string;
  /** Said in small letters beside the label. */
  readonly note?: string;
  /** One value a run; undefined where a run has no such bar, or no figure for it. */
  readonly values: readonly (number | undefined)[];
}

/** Horizontal bars, a row each; of several runs below one another. */
export function barChart(bars: readonly Bar[], format: (value: number) => string): Html {
  const largest = Math.max(...bars.flatMap(({ values }) => values.filter(isKnown)));
  return html`<div class="bars">
    ${bars.map(
      ({ label, note, values }) =>
        html`<div class="bar-label">${label}${note ? html` <small>${note}</small>` : undefined}</div>
          <div class="bar-group">
            ${values.map((value, run) =>
              !isKnown(value)
                ? html``
                : html`<div class="bar">
                    <span class="track"
                      ><i class="run${run}" style="width:${round((100 * value) / largest)}%"></i></span
                    ><b>${format(value)}</b>
                  </div>`,
            )}
          </div>`,
    )}
  </div>`;
}

interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

function scaleOf(axis: Axis, values: readonly number[], start: number, end: number): Scale {
  const finite = values.filter(Number.isFinite);
  let low = axis.from ?? Math.min(...finite);
  let high = axis.to ?? Math.max(...finite);
  const log = low > 0 && (axis.log === true || (axis.log === 'where-steep' && high > STEEP * low));
  if (!(high > low)) high = low + (Math.abs(low) || 1);
  const step = stepOf(high - low, axis.whole === true);
  if (!log && axis.from === undefined) low = step * Math.floor(low / step);
  if (!log && axis.to === undefined && axis.whole !== true) high = step * Math.ceil(high / step - 1e-9);
  const ticks = log ? powersBetween(low, high) : roundSteps(low, high, step);
  const share = log
    ? (value: number) => Math.log(value / low) / Math.log(high / low)
    : (value: number) => (value - low) / (high - low);
  return {
    at: (value) => round(start + (end - start) * Math.min(1, Math.max(0, share(value)))),
    ticks,
    format: plain,
  };
}

/** 1, 2, 2.5 or 5 times a power of ten, so that there are about four; whole numbers where only those mean something. */
function stepOf(length: number, whole: boolean): number {
  const rough = whole ? Math.max(1, length / 4) : length / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (
    (whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10])
      .map((factor) => factor * power)
      .find((size) => size >= rough) ?? rough
  );
}

function roundSteps(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-6; i++) ticks.push(i * step);
  return ticks;
}

function powersBetween(from: number, to: number): number[] {
  const decades = Math.log10(to / from);
  const factors = decades > 2.5 ? [1] : decades > 1 ? [1, 2, 5] : [1, 2, 3, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (value >= from * 0.999 && value <= to * 1.001) ticks.push(value);
    }
  }
  return ticks;
}

function plain(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.001) return value.toExponential(0).replace('e-', 'e−');
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
