import { parentOf, type Level } from './level.ts';

/** Sets the coarser level to ask for the correction: four residuals add up to one. */
export function restrict({ runs, stride, value, right, diagonal }: Level, coarse: Level): void {
  coarse.value.fill(0);
  coarse.right.fill(0);
  const to = coarse.right;
  const up = 3 * stride;
  for (let r = 0; r < runs.length; r += 2) {
    const end = runs[r + 1];
    let q = runs[r];
    let i = 3 * q;
    const first = parentOf(q, stride, coarse.stride);
    const odd = (q % stride) & 1 ? 0 : 1;
    let before0 = value[i - 3 - up] + value[i - 3 + up];
    let before1 = value[i - 2 - up] + value[i - 2 + up];
    let before2 = value[i - 1 - up] + value[i - 1 + up];
    let here0 = value[i - up] + value[i + up];
    let here1 = value[i + 1 - up] + value[i + 1 + up];
    let here2 = value[i + 2 - up] + value[i + 2 + up];
    for (const start = q - odd; q < end; q++, i += 3) {
      const parent = 3 * (first + ((q - start) >> 1));
      const own = diagonal[q];
      const next0 = value[i + 3 - up] + value[i + 3 + up];
      const next1 = value[i + 4 - up] + value[i + 4 + up];
      const next2 = value[i + 5 - up] + value[i + 5 + up];
      to[parent] += right[i] + before0 + next0 + 2 * (here0 + value[i - 3] + value[i + 3]) - value[i] * own;
      to[parent + 1] += right[i + 1] + before1 + next1 + 2 * (here1 + value[i - 2] + value[i + 4]) - value[i + 1] * own;
      to[parent + 2] += right[i + 2] + before2 + next2 + 2 * (here2 + value[i - 1] + value[i + 5]) - value[i + 2] * own;
      before0 = here0;
      before1 = here1;
      before2 = here2;
      here0 = next0;
      here1 = next1;
      here2 = next2;
    }
  }
}

/** Adds the correction found on the coarser level, bilinearly between the centres of its places; across the picture's border it goes on flat. */
export function prolongate(coarse: Level, { runs, stride, value }: Level): void {
  mirrorBorder(coarse);
  const from = coarse.value;
  for (let r = 0; r < runs.length; r += 2) {
    const [start, end] = [runs[r], runs[r + 1]];
    const vertical = 3 * (Math.floor(start / stride) & 1 ? -coarse.stride : coarse.stride);
    const first = parentOf(start, stride, coarse.stride);
    const odd = (start % stride) & 1 ? 0 : 1;
    for (let q = start, i = 3 * start; q < end; q++, i += 3) {
      const step = q - start + odd;
      const parent = 3 * (first + (step >> 1));
      const beside = step & 1 ? parent + 3 : parent - 3;
      for (let c = 0; c < 3; c++)
        value[i + c] +=
          (9 * from[parent + c] + 3 * (from[beside + c] + from[parent + c + vertical]) + from[beside + c + vertical]) /
          16;
    }
  }
}

function mirrorBorder({ height, width, stride, value }: Level): void {
  const row = 3 * stride;
  for (let y = 1; y <= height; y++) {
    value.copyWithin(y * row, y * row + 3, y * row + 6);
    value.copyWithin(y * row + 3 * width + 3, y * row + 3 * width, y * row + 3 * width + 3);
  }
  value.copyWithin(0, row, 2 * row);
  value.copyWithin((height + 1) * row, height * row, (height + 1) * row);
}
