/** Measures of a tracked path against the known one: rows of x0, y0, x1, …, one a frame. */
type Rows = readonly ArrayLike<number>[];

/** Jitter: deviation of each coordinate from its own mean over the frames, root mean square, px. */
export function jitter(rows: Rows): number {
  let squares = 0;
  for (let k = 0; k < rows[0].length; k++) {
    const mean = rows.reduce((sum, row) => sum + row[k], 0) / rows.length;
    for (const row of rows) squares += (row[k] - mean) ** 2;
  }
  return Math.sqrt(squares / (rows.length * rows[0].length));
}

/** Tremble: change from frame to frame, root mean square, px. */
export function tremble(rows: Rows): number {
  let squares = 0;
  for (let i = 1; i < rows.length; i++) {
    for (let k = 0; k < rows[0].length; k++) squares += (rows[i][k] - rows[i - 1][k]) ** 2;
  }
  return Math.sqrt(squares / ((rows.length - 1) * rows[0].length));
}

/**
 * Frames by which `rows` is behind `truth` from frame `start` to `end`: the delay (0 to 5) that makes them most alike.
 * @param rows undefined: the frame was not seen
 */
export function lag(
  rows: readonly (ArrayLike<number> | undefined)[],
  truth: Rows,
  start: number,
  end: number,
): number {
  let best = { error: Infinity, delay: 0 };
  for (let delay = 0; delay <= 5; delay += 0.05) {
    let error = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      if (!row) continue;
      const at = Math.max(0, i - delay);
      const from = truth[Math.floor(at)];
      const to = truth[Math.min(Math.floor(at) + 1, truth.length - 1)];
      for (let k = 0; k < from.length; k++) {
        error += (row[k] - from[k] - (to[k] - from[k]) * (at % 1)) ** 2;
      }
    }
    if (error < best.error) best = { error, delay };
  }
  return best.delay;
}
