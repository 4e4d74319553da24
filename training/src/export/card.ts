import { DRAWN_SET } from '../datasets/synthetic.ts';
import type { ModelFile, ModelMetadata, Quantization, SpreadCalibration, Training } from './model-file.ts';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** The model card, as Markdown (Mitchell et al., "Model Cards for Model Reporting", 2019). */
export function modelCard({ json }: ModelFile): string {
  const about = json.userDefinedMetadata;
  const rows: [string, string | undefined][] = [
    ['Weights', about.quantization && weights(about.quantization)],
    ['Accuracy', accuracy(about)],
    ['Expected error', about.calibration && expectedError(about.calibration)],
    ['Markup', about.markupShift ? markup(about.markupShift) : undefined],
    ['Trained on', about.data.join(', ')],
    ['Terms', `**${about.terms}**`],
    ['Made by', about.training && madeBy(about.training)],
  ];
  return `# ${about.name}

68 face landmarks (iBUG schema) from a grey ${about.inputSize}x${about.inputSize} crop, the face's box enlarged ${about.cropFactor} times.
Outputs: \`keypoints\` (crop units), \`spread\` (expected error of each point, crop units), \`presence\` (probability of a face).

| | |
|---|---|
${rows.flatMap(([name, text]) => (text ? [`| ${name} | ${text} |`] : [])).join('\n')}

${limits(about)}
`;
}

function limits({ data }: ModelMetadata): string {
  if (data.length === 1 && data[0] === DRAWN_SET)
    return 'Made to see training work: it has seen faces drawn by code and no others, and is no use on real ones.';
  return `Meant for drawing, effects, expression and attention measures on one's own device. Not for telling who someone is, nor for
decisions about a person. The training sets hold few dark, profile and masked faces: expect larger errors there, and read \`spread\`.`;
}

function weights({ method, levels, bytes }: Quantization): string {
  const counts = Object.values(levels);
  const range = `${Math.min(...counts).toFixed(0)} to ${Math.max(...counts).toFixed(0)} levels a channel, by layer`;
  const how =
    method === 'feedback' ? `${range}, chosen by sensitivity, rounded with error feedback` : '255 levels';
  return `${megabytes(bytes.plain)}, ${megabytes(bytes.gzip)} gzip, ${megabytes(bytes.brotli)} brotli; uint8, a scale for each channel; ${how}`;
}

function accuracy({ measured }: ModelMetadata): string {
  if (!measured) return 'Not measured.';
  const { faces, split, nmeQuantized, nmeFloat, nmeActivations8 } = measured;
  const activations =
    nmeActivations8 === undefined ? '' : `, ${nmeActivations8.toFixed(2)} % with 8-bit activations as well`;
  return `On ${faces} faces of \`${split}\`: inter-ocular NME ${nmeQuantized.toFixed(2)} % as shipped (uint8), ${nmeFloat.toFixed(2)} % in float${activations}.`;
}

function expectedError({ split, faces, shape, median, ninetieth }: SpreadCalibration): string {
  return `Fitted on ${faces} faces of \`${split}\`: \`spread\` is the mean distance; half of the distances are below ${median.toFixed(2)}, nine in ten below ${ninetieth.toFixed(2)} times \`spread\` (Weibull, shape ${shape.toFixed(2)}).`;
}

/** What users of mirrored pictures may see, and those who compare with other models. */
function markup(shift: number): string {
  const side = shift > 0 ? 'right' : 'left';
  return `Points lie ${Math.abs(100 * shift).toFixed(2)} % of the crop further ${side} than a picture and its mirror image agree on, as those of the training faces do.`;
}

function madeBy({ crops, seed, engine, averaged, continued, taught }: Training): string {
  const runs = averaged ? `the mean of ${averaged} runs of \`npm run train\`` : '`npm run train`';
  const from = continued ? ' that went on from earlier weights' : '';
  const labels = taught ? '; labels of noisy sets corrected by a teacher' : '';
  return `${runs}${from}: ${crops} crops, seed ${seed}, ${engine}${labels}`;
}
