import type { RecordedFace, RecordedFrame } from '../../sdk/src/index.ts';
import { randomOf, type Random } from '../../training/src/support/random.ts';

/** Recordings at random: no, one and several faces, equal and uneven times, coordinates of every float32 size and sign. */
export function randomRecording(seed: number): RecordedFrame[] {
  const random = randomOf(7001, seed);
  let timestamp = random.between(-1e5, 1e7);
  return Array.from({ length: random.index(12) }, () => {
    timestamp += random.index(4) === 0 ? 0 : random.index(2) ? random.uniform() : random.between(1, 100);
    const file = random.index(3) === 0 ? FILES[random.index(FILES.length)] : undefined;
    return {
      timestamp,
      width: 1 + random.index(8000),
      height: 1 + random.index(8000),
      faces: Array.from({ length: random.index(4) }, () => randomFace(random)),
      ...(file !== undefined && { file }),
    };
  });
}

/** Names that a format could stumble over. */
const FILES = ['a.jpg', 'Ä, "b"/c d.jpg', 'line\r\nbreak\n\nNOTE -->.png', '', ' ', '\\n', '\u2028'];

export function randomFace(random: Random): RecordedFace {
  return {
    id: random.index(2 ** 31),
    keypoints: Float32Array.from({ length: 136 }, () => randomFloat(random)),
    spread: Float32Array.from({ length: 68 }, () => Math.abs(randomFloat(random))),
    presence: random.index(2) ? Math.fround(random.uniform()) : random.uniform(),
  };
}

function randomFloat(random: Random): number {
  switch (random.index(4)) {
    case 0:
      return random.between(-100, 2000);
    case 1:
      return EXTREMES[random.index(EXTREMES.length)];
    case 2:
      return Math.round(random.between(-9e6, 9e6));
    default:
      return anyFloat32(random);
  }
}

const EXTREMES = [0, -0, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -1e-45, 2 ** -126, 16777217];

/** Any finite bit pattern. */
export function anyFloat32(random: Random): number {
  for (;;) {
    const value = new Float32Array(Uint32Array.of(random.index(2 ** 32)).buffer)[0];
    if (Number.isFinite(value)) return value;
  }
}
