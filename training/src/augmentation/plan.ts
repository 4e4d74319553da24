import { randomOf } from '../support/random.ts';

/** Which set is drawn how often, relative to the others. */
export type Mix = Readonly<Record<string, number>>;

/** What one crop of a run is made from. */
export interface Draw {
  /** Index into the samples. */
  readonly sample: number;
  /** Whether the crop is to hold a face. */
  readonly face: boolean;
}

/** What chooses crop `number` of a run. */
export interface Plan {
  draw(number: number): Draw;
}

/**
 * Those of some sets of faces that a mix draws from: all, where it is empty.
 * @throws Error when there is none
 */
export function drawnSets(sets: readonly string[], mix: Mix): string[] {
  const even = Object.keys(mix).length === 0;
  const drawn = sets.filter((set) => even || (mix[set] ?? 0) > 0);
  if (drawn.length > 0) return drawn;
  throw new Error(
    `no set to draw from: the mix names ${Object.keys(mix).join(', ')}, the data holds ${sets.join(', ')}`,
  );
}

/** Every sample once, in an order of its own for each round; depends on nothing but the arguments. */
export class RoundPlan implements Plan {
  private round = -1;
  private order: number[] = [];

  constructor(
    private readonly seed: number,
    private readonly samples: number,
  ) {}

  draw(number: number): Draw {
    const round = Math.floor(number / this.samples);
    if (round !== this.round) {
      const random = randomOf(this.seed, 3, round);
      this.order = Array.from({ length: this.samples }, (_, i) => i);
      // Fisher and Yates.
      for (let i = this.samples - 1; i > 0; i--) {
        const j = random.index(i + 1);
        [this.order[i], this.order[j]] = [this.order[j], this.order[i]];
      }
      this.round = round;
    }
    return { face: true, sample: this.order[number % this.samples] };
  }
}

/** Chooses crop `number` of a run; depends on nothing but the arguments, so a resumed run draws the same. */
export class DrawPlan implements Plan {
  private readonly pools: { readonly samples: number[]; readonly weight: number }[];
  private readonly negatives: number[];

  /**
   * @param sets the set of each sample; `negatives` for pictures without a face
   * @param mix sets that it leaves out are not drawn; an empty mix draws every sample alike
   */
  constructor(
    private readonly seed: number,
    sets: readonly string[],
    mix: Mix,
    private readonly negativeShare: number,
  ) {
    const bySet = new Map<string, number[]>();
    sets.forEach((set, i) => {
      const samples = bySet.get(set);
      if (samples) samples.push(i);
      else bySet.set(set, [i]);
    });
    this.negatives = bySet.get('negatives') ?? [];
    bySet.delete('negatives');
    this.pools = drawnSets([...bySet.keys()], mix).map((set) => {
      const samples = bySet.get(set) ?? [];
      return { samples, weight: mix[set] ?? samples.length };
    });
  }

  draw(number: number): Draw {
    const random = randomOf(this.seed, 1, number);
    const face = random.uniform() >= this.negativeShare;
    if (!face && this.negatives.length > 0 && random.uniform() < 0.6) {
      return { face, sample: this.negatives[random.index(this.negatives.length)] };
    }
    const total = this.pools.reduce((sum, { weight }) => sum + weight, 0);
    let at = random.uniform() * total;
    const pool = this.pools.find(({ weight }) => (at -= weight) < 0) ?? this.pools[0];
    return { face, sample: pool.samples[random.index(pool.samples.length)] };
  }
}
