/**
 * The value of a square image between its pixels; beyond its edge, that of the edge.
 * @param x px, pixel centres at whole numbers plus one half
 */
export function bilinear(image: Float32Array, size: number, x: number, y: number): number {
  const [left, fx] = cell(x, size);
  const [top, fy] = cell(y, size);
  const i = top * size + left;
  return (
    (image[i] * (1 - fx) + image[i + 1] * fx) * (1 - fy) +
    (image[i + size] * (1 - fx) + image[i + size + 1] * fx) * fy
  );
}

function cell(place: number, size: number): [index: number, share: number] {
  const inside = Math.min(size - 1, Math.max(0, place - 0.5));
  const index = Math.min(size - 2, Math.floor(inside));
  return [index, inside - index];
}
