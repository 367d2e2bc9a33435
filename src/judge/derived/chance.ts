/** What is rarer than this is not taken for chance: one run in ten thousand. */
export const rare = 1e-4;

/**
 * At most how likely it is that of `tries` independent ones at least `hits` hit, where each does with probability `p` (or with
 * probabilities of this mean). Chernoff's bound in Hoeffding's form; 1 where the hits are no more than expected.
 */
export function atMostLikely(hits: number, tries: number, p: number): number {
  if (hits <= tries * p) return 1;
  const share = hits / tries;
  return Math.min(1, Math.exp(-tries * divergence(share, p)));
}

/** Of two coins, in nats. */
function divergence(share: number, p: number): number {
  const hit = share * Math.log(share / p);
  return share >= 1 ? hit : hit + (1 - share) * Math.log((1 - share) / (1 - p));
}
