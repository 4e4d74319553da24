import type { CurvePoint, Measurements } from './curve.ts';

const WIDTH = 720;
const HEIGHT = 420;
const AREA = { left: 68, right: 700, top: 84, bottom: 362 };
/** Points of NME shown below and above the float value. */
const BELOW = 0.02;
const ABOVE = 0.2;
const MEGABYTE = 1e6;

/** Colours for light and dark; the background is the picture's own, so it reads on any page. */
const STYLE = `
  svg { --back: #ffffff; --ink: #1c1f24; --quiet: #687080; --grid: #e4e7ec; --main: #0b7a53; --other: #9a6700; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #15181d; --ink: #eceff4; --quiet: #98a1b0; --grid: #2a2f38; --main: #4fd1a1; --other: #e3b341; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
  .title { font-size: 17px; font-weight: 600; fill: var(--ink); }
  .label { fill: var(--ink); }
  .grid { stroke: var(--grid); }
  .float { stroke: var(--quiet); stroke-dasharray: 2 4; }
  .main { stroke: var(--main); } .other { stroke: var(--other); }
  polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .dot { stroke: var(--back); stroke-width: 1.5; }
  .main.dot, .main-text { fill: var(--main); } .other.dot, .other-text { fill: var(--other); }
  .ring { fill: none; stroke: var(--ink); stroke-width: 1.5; }
`;

/** NME against the size of the download, as an SVG that stands by itself. */
export function plotMeasurements(data: Measurements): string {
  const { nmeFloat, chosen, uint8, split, faces } = data;
  const feedback = bySize([...data.feedback, uint8]);
  const nearest = data.nearest.length > 0 ? bySize([...data.nearest, uint8]) : [];
  const sizes = [...feedback, ...nearest].map(({ gzip }) => gzip / MEGABYTE);
  const [smallest, largest] = [Math.min(...sizes) * 0.85, Math.max(...sizes) * 1.12];
  const x = (megabytes: number) =>
    AREA.left + (Math.log(megabytes / smallest) / Math.log(largest / smallest)) * (AREA.right - AREA.left);
  const y = (nme: number) =>
    AREA.bottom - ((nme - nmeFloat + BELOW) / (ABOVE + BELOW)) * (AREA.bottom - AREA.top);
  const place = ({ gzip, nme }: CurvePoint) => `${fixed(x(gzip / MEGABYTE))},${fixed(y(nme))}`;
  const inside = ({ nme }: CurvePoint) => nme - nmeFloat <= ABOVE;

  const curve = (points: readonly CurvePoint[], name: string) => [
    `<polyline class="${name}" clip-path="url(#area)" points="${points.map(place).join(' ')}"/>`,
    ...points.filter(inside).map((point) => {
      const [cx, cy] = place(point).split(',');
      return `<circle class="${name} dot" cx="${cx}" cy="${cy}" r="4.5"><title>${megabytes(point)}, NME ${point.nme.toFixed(3)} %</title></circle>`;
    }),
  ];
  const horizontal = [0, 0.05, 0.1, 0.15, 0.2].map((loss) => {
    const at = fixed(y(nmeFloat + loss));
    const label = loss === 0 ? nmeFloat.toFixed(2) : `+${loss.toFixed(2)}`;
    return `<line class="${loss === 0 ? 'float' : 'grid'}" x1="${AREA.left}" x2="${AREA.right}" y1="${at}" y2="${at}"/><text x="${AREA.left - 10}" y="${at}" dy="4" text-anchor="end">${label}</text>`;
  });
  const vertical = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20]
    .filter((size) => size >= smallest && size <= largest)
    .map((size) => {
      const at = fixed(x(size));
      return `<line class="grid" x1="${at}" x2="${at}" y1="${AREA.top}" y2="${AREA.bottom}"/><text x="${at}" y="${AREA.bottom + 22}" text-anchor="middle">${size}</text>`;
    });
  const shownFeedback = feedback.filter(inside);
  const [curveX, curveY] = place(shownFeedback[0]).split(',').map(Number);
  const [markX, markY] = place(chosen).split(',').map(Number);
  const [fullX, fullY] = place(uint8).split(',').map(Number);
  const shownNearest = nearest.filter(inside);
  const lastNearest = shownNearest[0];
  const nearestLabel = lastNearest
    ? `<text class="other-text" x="${fixed(x(lastNearest.gzip / MEGABYTE) + 12)}" y="${fixed(y(lastNearest.nme) + 4)}">rounded to the nearest level</text>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">Error of the points against the compressed size of the weights</title>
<style>${STYLE}</style>
<clipPath id="area"><rect x="${AREA.left}" y="${AREA.top}" width="${AREA.right - AREA.left}" height="${AREA.bottom - AREA.top}"/></clipPath>
<rect width="100%" height="100%" rx="12" style="fill: var(--back)"/>
<text class="title" x="24" y="36">A smaller download for the same points</text>
<text x="24" y="58">Inter-ocular NME in % on ${faces} faces of ${split}; dotted: float weights</text>
${[...vertical, ...horizontal].join('\n')}
${[...(nearest.length > 0 ? curve(nearest, 'other') : []), ...curve(feedback, 'main')].join('\n')}
${nearestLabel}
<circle class="ring" cx="${markX}" cy="${markY}" r="9"/>
<text class="label" x="${fixed(markX + 14)}" y="${fixed(markY - 10)}">${megabytes(chosen)}, ${signed(chosen.nme - nmeFloat)}</text>
<text class="label" x="${fullX}" y="${fixed(fullY - 14)}" text-anchor="end">8 bits, ${megabytes(uint8)}</text>
<text class="main-text" x="${fixed(curveX + 12)}" y="${fixed(curveY + 4)}">levels by sensitivity, error feedback</text>
<text x="${AREA.right}" y="${HEIGHT - 14}" text-anchor="end">MB of weights by gzip, logarithmic</text>
</svg>
`;
}

function bySize(points: readonly CurvePoint[]): CurvePoint[] {
  return [...points].sort((a, b) => a.gzip - b.gzip);
}

function megabytes({ gzip }: CurvePoint): string {
  return `${(gzip / MEGABYTE).toFixed(1)} MB`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
