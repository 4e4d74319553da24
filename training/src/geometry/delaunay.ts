/**
 * Delaunay triangulation of a few points by adding them one by one (Bowyer and Watson, 1981).
 * @param points x0, y0, x1, …
 * @returns three indices a triangle, anticlockwise where y grows upwards
 */
export function delaunay(points: ArrayLike<number>): number[][] {
  const n = points.length / 2;
  const xs = Array.from({ length: n }, (_, i) => points[2 * i]);
  const ys = Array.from({ length: n }, (_, i) => points[2 * i + 1]);
  // Three corners far outside, removed at the end.
  xs.push(-1e3, 1e3, 0);
  ys.push(-1e3, -1e3, 1e3);
  let triangles: number[][] = [[n, n + 1, n + 2]];
  for (let p = 0; p < n; p++) {
    const edges = new Map<string, [number, number]>();
    const kept: number[][] = [];
    for (const triangle of triangles) {
      if (!inCircle(triangle, p, xs, ys)) {
        kept.push(triangle);
        continue;
      }
      triangle.forEach((a, k) => {
        const b = triangle[(k + 1) % 3];
        // An edge that two removed triangles share goes with them.
        if (!edges.delete(`${b} ${a}`)) edges.set(`${a} ${b}`, [a, b]);
      });
    }
    triangles = [...kept, ...[...edges.values()].map(([a, b]) => [a, b, p])];
  }
  return triangles.filter((triangle) => triangle.every((i) => i < n));
}

function inCircle(
  [a, b, c]: readonly number[],
  p: number,
  xs: readonly number[],
  ys: readonly number[],
): boolean {
  const [ax, bx, cx] = [xs[a] - xs[p], xs[b] - xs[p], xs[c] - xs[p]];
  const [ay, by, cy] = [ys[a] - ys[p], ys[b] - ys[p], ys[c] - ys[p]];
  const [aa, bb, cc] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
  return ax * (by * cc - bb * cy) - ay * (bx * cc - bb * cx) + aa * (bx * cy - by * cx) > 1e-12;
}
