import type { ModelFile } from './model-file.ts';

export const W300_TERMS =
  '300-W (LFPW, HELEN, AFW): research only, no commercial use, also for models trained on it; other sets: research and education only.';
export const SYNTHETIC_TERMS = 'Trained on faces drawn by code: no terms but those of this project (MIT).';

/** How a model came to be. */
export interface Training {
  /** Training crops seen. */
  readonly crops: number;
  readonly seed: number;
  readonly engine: string;
}

/** The model card, as Markdown (Mitchell et al., "Model Cards for Model Reporting", 2019). */
export function modelCard({ json, weights }: ModelFile, training: Training): string {
  const { name, inputSize, cropFactor, data, terms, measured } = json.userDefinedMetadata;
  const figure = measured
    ? `On ${measured.faces} faces of \`${measured.split}\`: inter-ocular NME ${measured.nmeQuantized.toFixed(2)} % as shipped (uint8), ${measured.nmeFloat.toFixed(2)} % in float.`
    : 'Not measured.';
  return `# ${name}

68 face landmarks (iBUG schema) from a grey ${inputSize}x${inputSize} crop, the face's box enlarged ${cropFactor} times.
Outputs: \`keypoints\` (crop units), \`spread\` (expected error of each point, crop units), \`presence\` (probability of a face).

| | |
|---|---|
| Weights | ${(weights.length / 1e6).toFixed(1)} MB, uint8, a scale for each channel |
| Accuracy | ${figure} |
| Trained on | ${data.join(', ')} |
| Terms | **${terms}** |
| Made by | \`npm run train\`: ${training.crops} crops, seed ${training.seed}, ${training.engine} |

Meant for drawing, effects, expression and attention measures on one's own device. Not for telling who someone is, nor for
decisions about a person. The training sets hold few dark, profile and masked faces: expect larger errors there, and read \`spread\`.
`;
}
