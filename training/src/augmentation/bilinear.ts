/**
 * The value of a square image between its pixels; beyond its edge, that of the edge.
 * @param x px, pixel centres at whole numbers plus one half
 */
export function bilinear(image: Float32Array, size: number, x: number, y: number): number {
  const insideX = Math.min(size - 1, Math.max(0, x - 0.5));
  const insideY = Math.min(size - 1, Math.max(0, y - 0.5));
  const left = Math.min(size - 2, Math.floor(insideX));
  const top = Math.min(size - 2, Math.floor(insideY));
  const [fx, fy] = [insideX - left, insideY - top];
  const i = top * size + left;
  const above = image[i] + fx * (image[i + 1] - image[i]);
  const below = image[i + size] + fx * (image[i + size + 1] - image[i + size]);
  return above + fy * (below - above);
}
