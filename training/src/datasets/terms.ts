import { SYNTHETIC_TERMS, W300_TERMS } from '../export/card.ts';

const W300 = ['lfpw', 'helen', 'afw', 'ibug', 'helen256'];
const OTHER: Readonly<Record<string, string>> = {
  synthetic: SYNTHETIC_TERMS,
  imm: 'IMM Face Database: free for education and research; cite Nordstrøm et al., 2004.',
  wflw: 'WFLW: research only.',
};

/** What the authors of some sets allow, a line each. */
export function termsOfSets(sets: readonly string[]): string[] {
  const terms = sets
    .filter((set) => set !== 'negatives')
    .map((set) => (W300.includes(set) ? W300_TERMS : (OTHER[set] ?? `${set}: those of its authors.`)));
  return [...new Set(terms)];
}
