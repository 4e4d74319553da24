const W300 = ['lfpw', 'helen', 'afw', 'ibug', 'helen256'];
const W300_TERMS =
  '300-W (LFPW, HELEN, AFW): research only, no commercial use, also for models trained on it; other sets: research and education only.';
const OTHER: Readonly<Record<string, string>> = {
  synthetic: 'Trained on faces drawn by code: no terms but those of this project (MIT).',
  imm: 'IMM Face Database: free for education and research; cite Nordstrøm et al., 2004.',
  wflw: 'WFLW: research only.',
};

/** What the authors of some sets allow, a line each. The line of 300-W speaks for the sets beside it as well. */
export function termsOfSets(sets: readonly string[]): string[] {
  if (sets.some((set) => W300.includes(set))) return [W300_TERMS];
  const terms = sets
    .filter((set) => set !== 'negatives')
    .map((set) => OTHER[set] ?? `${set}: those of its authors.`);
  return [...new Set(terms)];
}
