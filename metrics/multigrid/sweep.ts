import type { Level } from './level.ts';

/**
 * One sweep of Gauss-Seidel; returns the square of the largest change, as the distance of two colours. Sums of what is above and below are
 * carried along a run.
 */
export function sweep({ runs, stride, value, right, inverse }: Level): number {
  const up = 3 * stride;
  let most = 0;
  for (let r = 0; r < runs.length; r += 2) {
    const end = 3 * runs[r + 1];
    let i = 3 * runs[r];
    let left0 = value[i - 3];
    let left1 = value[i - 2];
    let left2 = value[i - 1];
    let before0 = value[i - 3 - up] + value[i - 3 + up];
    let before1 = value[i - 2 - up] + value[i - 2 + up];
    let before2 = value[i - 1 - up] + value[i - 1 + up];
    let here0 = value[i - up] + value[i + up];
    let here1 = value[i + 1 - up] + value[i + 1 + up];
    let here2 = value[i + 2 - up] + value[i + 2 + up];
    for (let q = runs[r]; i < end; i += 3, q++) {
      const share = inverse[q];
      const next0 = value[i + 3 - up] + value[i + 3 + up];
      const next1 = value[i + 4 - up] + value[i + 4 + up];
      const next2 = value[i + 5 - up] + value[i + 5 + up];
      left0 = (right[i] + before0 + next0 + 2 * (here0 + value[i + 3] + left0)) * share;
      left1 = (right[i + 1] + before1 + next1 + 2 * (here1 + value[i + 4] + left1)) * share;
      left2 = (right[i + 2] + before2 + next2 + 2 * (here2 + value[i + 5] + left2)) * share;
      const change = (left0 - value[i]) ** 2 + (left1 - value[i + 1]) ** 2 + (left2 - value[i + 2]) ** 2;
      if (change > most) most = change;
      value[i] = left0;
      value[i + 1] = left1;
      value[i + 2] = left2;
      before0 = here0;
      before1 = here1;
      before2 = here2;
      here0 = next0;
      here1 = next1;
      here2 = next2;
    }
  }
  return most;
}
