import type { Face } from '../face.ts';
import { CONTOURS, MESH_EDGES, traceContour, type PathSink } from './contours.ts';
import { HALO, SPREAD_RADIUS, strokesOf, type OverlayStyle } from './overlay.ts';
import { LANDMARK_GROUPS } from '../landmarks/schema.ts';

/**
 * The overlay as an SVG document, to lay over the picture or to work on. A group of class `face` for each face holds
 * elements of class `jaw`, `rightBrow`, … (the schema's groups; `mesh` for the net), so that a style sheet can change them.
 * @param faces in px of the frame
 * @param width of the frame, px
 * @param height of the frame, px
 * @param style as the overlay's
 * @param color any CSS colour
 */
export function toSvg(
  faces: readonly Face[],
  width: number,
  height: number,
  style: OverlayStyle = 'contours',
  color = '#2dd4bf',
): string {
  const groups = style === 'none' ? [] : faces.map((face) => faceGroup(face, style));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" ` +
      `viewBox="0 0 ${number(width)} ${number(height)}" color="${escape(color)}" fill="none" ` +
      'stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">',
    ...groups,
    '</svg>\n',
  ].join('\n');
}

function faceGroup(face: Face, style: Exclude<OverlayStyle, 'none'>): string {
  const { dot, line, hair, halo } = strokesOf(face.box, 1, 1);
  const open = `  <g class="face" data-id="${number(face.id)}"`;
  const layers = (shapes: readonly string[], stroke: number): string =>
    [
      `${open}>`,
      `    <g class="halo" stroke="${HALO}" stroke-width="${number(stroke + 2 * halo)}">`,
      ...shapes,
      '    </g>',
      `    <g class="lines" stroke-width="${number(stroke)}">`,
      ...shapes,
      '    </g>',
      '  </g>',
    ].join('\n');
  if (style === 'points') {
    return [
      `${open} fill="currentColor" stroke="${HALO}" stroke-width="${number(halo)}">`,
      ...circles(face, () => dot),
      '  </g>',
    ].join('\n');
  }
  if (style === 'spread') {
    return [
      `${open} fill="currentColor" fill-opacity="0.25" stroke-width="${number(hair)}">`,
      ...circles(face, (i) => SPREAD_RADIUS * face.spread[i]),
      '  </g>',
    ].join('\n');
  }
  if (style === 'mesh') {
    const p = face.keypoints;
    const d = MESH_EDGES.map(
      ([a, b]) => `M${number(p[2 * a])} ${number(p[2 * a + 1])}L${number(p[2 * b])} ${number(p[2 * b + 1])}`,
    ).join('');
    return layers([`      <path class="mesh" d="${d}"/>`], hair);
  }
  const paths = new Map<string, string>();
  for (const { group, landmarks } of CONTOURS) {
    const path = new PathText();
    traceContour(path, face.keypoints, landmarks);
    paths.set(group, (paths.get(group) ?? '') + path.text);
  }
  return layers(
    [...paths].map(([group, d]) => `      <path class="${group}" d="${d}"/>`),
    line,
  );
}

function circles({ keypoints }: Face, radius: (i: number) => number): string[] {
  return Object.entries(LANDMARK_GROUPS).flatMap(([group, [start, end]]) =>
    Array.from({ length: end - start }, (_, k) => {
      const i = start + k;
      const [x, y, r] = [keypoints[2 * i], keypoints[2 * i + 1], radius(i)].map(number);
      return `    <circle class="${group}" cx="${x}" cy="${y}" r="${r}"/>`;
    }),
  );
}

class PathText implements PathSink {
  text = '';

  moveTo(...values: number[]): void {
    this.text += `M${values.map(number).join(' ')}`;
  }

  bezierCurveTo(...values: number[]): void {
    this.text += `C${values.map(number).join(' ')}`;
  }
}

/** Two decimals; what is not finite would break the document. */
function number(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
