import { boxOf, unitOf, type LandmarkSchema } from './schema.ts';
import type { Sample } from './sample.ts';

/**
 * Samples of the tip of the nose alone.
 * @throws Error when the schema does not say which point that is
 */
export function noseOnly(
  samples: readonly Sample[],
  schema: LandmarkSchema,
): { samples: Sample[]; schema: LandmarkSchema } {
  const { nose } = schema;
  if (nose === undefined) {
    throw new Error(
      `the points of this data (${schema.name}) do not say which is the nose; name it in schema.json: { "name", "count", "nose" }`,
    );
  }
  const only = { name: 'nose', count: 1, mirror: [0], regions: { nose: [0] }, nose: 0 };
  if (schema.count === 1) return { samples: [...samples], schema: only };
  const chosen = samples.flatMap((sample) => {
    const { points, box } = sample;
    if (!points || Number.isNaN(points[2 * nose])) return [];
    const unit = unitOf(schema, points, box);
    return [{ ...sample, points: points.slice(2 * nose, 2 * nose + 2), box: box ?? boxOf(points), unit }];
  });
  return { samples: chosen, schema: only };
}

/** The faces as `network` learns them: `nose` one point of whatever the data have, the others all. */
export function forNetwork(
  network: string,
  samples: Sample[],
  schema: LandmarkSchema,
): { samples: Sample[]; schema: LandmarkSchema } {
  return network === 'nose' ? noseOnly(samples, schema) : { samples, schema };
}
