/** Milliseconds of each job, median of `rounds` after warming up. Jobs take turns, so that a busy moment hits all of them alike. */
export async function medians<K extends string>(
  jobs: Readonly<Record<K, () => Promise<unknown>>>,
  rounds: number,
): Promise<Record<K, number>> {
  const names = Object.keys(jobs) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round++)
    for (const name of names) {
      const start = performance.now();
      await jobs[name]();
      if (round >= 0) times.get(name)!.push(performance.now() - start);
    }
  return Object.fromEntries(
    names.map((name) => [name, times.get(name)!.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]]),
  ) as Record<K, number>;
}
