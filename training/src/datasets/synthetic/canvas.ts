type Point = readonly [x: number, y: number];

/** Samples a pixel's side: edges are smooth to half a pixel. */
const OVERSAMPLING = 2;

/** A grey picture to draw on: just what a drawn face needs. Coordinates in px, pixel centres at +0.5. */
export class Canvas {
  private readonly fine: Float32Array;
  private readonly fineSide: number;

  constructor(
    private readonly side: number,
    grey: number,
  ) {
    this.fineSide = side * OVERSAMPLING;
    this.fine = new Float32Array(this.fineSide ** 2).fill(grey);
  }

  /** Filled, even-odd. */
  polygon(points: readonly Point[], grey: number): void {
    this.fill(boundsOf(points), (x, y) => inside(points, x, y), grey);
  }

  disc([cx, cy]: Point, radius: number, grey: number): void {
    const bounds = { left: cx - radius, right: cx + radius, top: cy - radius, bottom: cy + radius };
    this.fill(bounds, (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2, grey);
  }

  /** The part of a disc that lies within a polygon: an iris between lids. */
  clippedDisc(clip: readonly Point[], [cx, cy]: Point, radius: number, grey: number): void {
    const within = (x: number, y: number) =>
      (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2 && inside(clip, x, y);
    this.fill(boundsOf(clip), within, grey);
  }

  /** A line of round pens. */
  stroke(points: readonly Point[], width: number, grey: number): void {
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const bounds = boundsOf([a, b], width / 2);
      this.fill(bounds, (x, y) => distanceToSegment(x, y, a, b) <= width / 2, grey);
    }
  }

  /** Brightens towards `direction`, darkens away from it; `strength` 0..1. */
  light([dx, dy]: Point, strength: number): void {
    const length = Math.hypot(dx, dy) || 1;
    const scale = (2 * strength) / (this.fineSide * length);
    for (let y = 0, i = 0; y < this.fineSide; y++) {
      for (let x = 0; x < this.fineSide; x++, i++) {
        this.fine[i] *= 1 + ((x - this.fineSide / 2) * dx + (y - this.fineSide / 2) * dy) * scale;
      }
    }
  }

  /** As a lens that is not quite in focus: a 3x3 mean of the fine samples, twice. */
  blur(): void {
    const n = this.fineSide;
    for (let pass = 0; pass < 2; pass++) {
      const from = this.fine.slice();
      for (let y = 1; y < n - 1; y++) {
        for (let x = 1; x < n - 1; x++) {
          let sum = 0;
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++) sum += from[(y + dy) * n + x + dx];
          this.fine[y * n + x] = sum / 9;
        }
      }
    }
  }

  /** One byte a pixel; `noise` is added to each. */
  toBytes(noise: () => number): Uint8Array {
    const out = new Uint8Array(this.side ** 2);
    for (let y = 0; y < this.side; y++) {
      for (let x = 0; x < this.side; x++) {
        let sum = 0;
        for (let v = 0; v < OVERSAMPLING; v++) {
          for (let u = 0; u < OVERSAMPLING; u++) {
            sum += this.fine[(y * OVERSAMPLING + v) * this.fineSide + x * OVERSAMPLING + u];
          }
        }
        out[y * this.side + x] = Math.max(0, Math.min(255, Math.round(sum / OVERSAMPLING ** 2 + noise())));
      }
    }
    return out;
  }

  private fill(bounds: Bounds, covers: (x: number, y: number) => boolean, grey: number): void {
    const last = this.fineSide - 1;
    const from = (value: number) => Math.max(0, Math.floor(value * OVERSAMPLING));
    const to = (value: number) => Math.min(last, Math.ceil(value * OVERSAMPLING));
    for (let y = from(bounds.top); y <= to(bounds.bottom); y++) {
      for (let x = from(bounds.left); x <= to(bounds.right); x++) {
        if (covers((x + 0.5) / OVERSAMPLING, (y + 0.5) / OVERSAMPLING))
          this.fine[y * this.fineSide + x] = grey;
      }
    }
  }
}

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boundsOf(points: readonly Point[], margin = 0): Bounds {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    left: Math.min(...xs) - margin,
    right: Math.max(...xs) + margin,
    top: Math.min(...ys) - margin,
    bottom: Math.max(...ys) + margin,
  };
}

function inside(points: readonly Point[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [ax, ay] = points[i];
    const [bx, by] = points[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function distanceToSegment(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
