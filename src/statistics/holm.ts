/** Holm's (1979) adjusted p-values of one family, in the order given: rejecting those below α keeps the chance of any false rejection below α. */
export function holm(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  ps.map((_, i) => i)
    .sort((i, j) => ps[i] - ps[j])
    .forEach((i, before) => {
      largest = Math.max(largest, Math.min(1, (ps.length - before) * ps[i]));
      adjusted[i] = largest;
    });
  return adjusted;
}
