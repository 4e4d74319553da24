/** Frames that bear their number, so that whoever sees one knows which it is: bright and dark blocks in its corner. */

/** Blocks: one dark, one bright, the number's bits from the lowest, their parity. */
const BITS = 8;
const BLOCKS = BITS + 3;
/** Of a block, px: a whole number of the blocks that JPEG and video codecs work in. */
const SIZE = 16;
const [DARK, BRIGHT] = [40, 210];

/** What part of a frame, from its top left corner, has to be seen; px. */
export const STAMP = { width: BLOCKS * SIZE, height: SIZE };

/** @param frame grey pixels, changed; @param number 0 to 255 */
export function stamp({ data, width }, number) {
  blocksOf(number).forEach((bit, block) => {
    for (let row = 0; row < SIZE; row++) {
      data.fill(bit ? BRIGHT : DARK, row * width + block * SIZE, row * width + (block + 1) * SIZE);
    }
  });
}

/**
 * The number on a frame; undefined where none can be read.
 * @param frame `data`: `channels` values a pixel, of which the first is read
 */
export function readStamp({ data, width, channels }) {
  const values = Array.from(
    { length: BLOCKS },
    (_, block) => data[channels * ((SIZE / 2) * width + block * SIZE + SIZE / 2)],
  );
  const [dark, bright] = values;
  if (bright - dark < (BRIGHT - DARK) / 2) return undefined;
  const bits = values.map((value) => Number(value > (dark + bright) / 2));
  const number = bits.slice(2, 2 + BITS).reduce((sum, bit, i) => sum + (bit << i), 0);
  return blocksOf(number).every((bit, i) => bit === bits[i]) ? number : undefined;
}

function blocksOf(number) {
  const bits = Array.from({ length: BITS }, (_, i) => (number >> i) & 1);
  return [0, 1, ...bits, bits.reduce((parity, bit) => parity ^ bit, 0)];
}
