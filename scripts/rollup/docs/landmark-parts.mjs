/** The 68 points drawn and listed: the figure from the mean face, the table of indices side by side. */
import { LANDMARKS } from '../../../docs/data/landmarks.mjs';
import { codeBlock, table } from './markdown.mjs';

const SCALE = 0.44;
const MARGIN = 44;
/** Where a number goes: away from the middle of its group, or outwards along the jaw. */
const DISTANCE = 15;

export function landmarkParts(sdk) {
  const groupOf = (i) =>
    Object.entries(sdk.LANDMARK_GROUPS).find(([, [start, end]]) => i >= start && i < end)[0];
  return {
    figure: figure(sdk, groupOf),
    groups: table(
      ['group', 'indices', 'points'],
      Object.entries(sdk.LANDMARK_GROUPS).map(([name, [start, end]]) => [
        `<code>${name}</code>`,
        `${start} – ${end - 1}`,
        String(end - start),
      ]),
    ),
    'mesh-array': codeBlock(meshArray(), 'js'),
    indices: table(
      ['index', 'what it marks', 'mirrored', 'mesh'],
      LANDMARKS.map(([name, mesh], i) => [String(i), name, String(sdk.MIRROR[i]), String(mesh)]),
    ),
  };
}

function meshArray() {
  const indices = LANDMARKS.map(([, mesh]) => mesh);
  const lines = [
    [0, 17],
    [17, 27],
    [27, 36],
    [36, 48],
    [48, 68],
  ].map(([start, end]) => `  ${indices.slice(start, end).join(', ')},`);
  return `const MESH_OF_68 = [\n${lines.join('\n')}\n];`;
}

function figure({ MEAN_FACE, LANDMARK_GROUPS, CLOSED_GROUPS }, groupOf) {
  const raw = Array.from({ length: 68 }, (_, i) => [SCALE * MEAN_FACE[3 * i], SCALE * MEAN_FACE[3 * i + 1]]);
  const left = Math.min(...raw.map(([x]) => x)) - MARGIN;
  const top = Math.min(...raw.map(([, y]) => y)) - MARGIN;
  const points = raw.map(([x, y]) => [x - left, y - top]);
  const width = Math.ceil(Math.max(...points.map(([x]) => x)) + MARGIN);
  const height = Math.ceil(Math.max(...points.map(([, y]) => y)) + MARGIN);
  const at = ([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`;
  const lines = Object.entries(LANDMARK_GROUPS).map(([name, [start, end]]) => {
    const tag = CLOSED_GROUPS.has(name) ? 'polygon' : 'polyline';
    return `<${tag} points="${points.slice(start, end).map(at).join(' ')}"/>`;
  });
  const dots = points.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.2"/>`);
  const labels = points.map((point, i) => {
    const [x, y] = labelAt(point, i, groupOf(i), points, LANDMARK_GROUPS);
    return `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${i}</text>`;
  });
  return `<figure class="landmarks"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="The mean face with its 68 numbered points; the person's right eye is on the left">
<g class="lines">${lines.join('')}</g><g class="dots">${dots.join('')}</g><g class="labels">${labels.join('')}</g></svg>
<figcaption>The mean face of this package (<code>MEAN_FACE</code>), seen from the front: the person's right is on the left.</figcaption></figure>`;
}

function labelAt([x, y], i, group, points, groups) {
  switch (group) {
    case 'jaw': {
      const [cx, cy] = [points[27][0], points[27][1]];
      return along([x, y], [x - cx, y - cy], DISTANCE);
    }
    case 'rightBrow':
    case 'leftBrow':
      return [x, y - DISTANCE];
    case 'noseBridge':
      return [x + DISTANCE, y];
    case 'noseBase':
      return [x, y + DISTANCE];
    case 'innerLips': {
      const [cx, cy] = middle(points, groups.innerLips);
      // The mean mouth is all but closed: the numbers of the corners go inwards, the others too little apart go nowhere.
      return Math.abs(x - cx) > 55 ? [x + Math.sign(cx - x) * DISTANCE, y] : along([x, y], [0, y - cy], 10);
    }
    default: {
      const [cx, cy] = middle(points, groups[group]);
      return along([x, y], [x - cx, 1.6 * (y - cy)], DISTANCE);
    }
  }
}

function middle(points, [start, end]) {
  const part = points.slice(start, end);
  return [0, 1].map((k) => part.reduce((sum, point) => sum + point[k], 0) / part.length);
}

function along([x, y], [dx, dy], distance) {
  const length = Math.hypot(dx, dy) || 1;
  return [x + (distance * dx) / length, y + (distance * dy) / length];
}
