/** How sure a bound is. */
const confidence = 0.95;

/**
 * At most how large a share may be of which `hits` of `tries` independent ones were seen: the upper bound of Clopper and Pearson,
 * one-sided, at 95 %. Without hits it is 1 − 0.05^(1/tries); where nothing was tried nothing is known, and it is 1.
 * Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), 404–413.
 */
export function atMostShare(hits: number, tries: number): number {
  if (hits >= tries) return 1;
  const left = 1 - confidence;
  if (hits === 0) return 1 - left ** (1 / tries);
  // The larger the share, the less likely are so few hits: the bound is where they are as unlikely as is allowed.
  let [low, high] = [hits / tries, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMostSoMany(hits, tries, middle) > left) low = middle;
    else high = middle;
  }
  return high;
}

/** How likely it is that of `tries` at most `hits` hit, where each does with probability `p`, between 0 and 1. */
function atMostSoMany(hits: number, tries: number, p: number): number {
  // In logarithms: the first terms of a long row are smaller than any number there is.
  let log = tries * Math.log1p(-p);
  let sum = Math.exp(log);
  for (let hit = 1; hit <= hits; hit++) {
    log += Math.log((tries - hit + 1) / hit) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(log);
  }
  return sum;
}
