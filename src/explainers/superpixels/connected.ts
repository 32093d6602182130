import type { Segmentation } from './segmentation.ts';

/** The pixels above, left, right and below. */
function neighbours(p: number, width: number, size: number): number[] {
  const found: number[] = [];
  if (p >= width) found.push(p - width);
  if (p % width > 0) found.push(p - 1);
  if (p % width < width - 1) found.push(p + 1);
  if (p < size - width) found.push(p + width);
  return found;
}

/** The largest connected part of each segment (the first of equals), by label. */
function largestParts(labels: Int32Array, width: number): number[][] {
  const seen = new Uint8Array(labels.length);
  const largest: number[][] = [];
  for (let start = 0; start < labels.length; start++) {
    if (seen[start]) continue;
    const label = labels[start];
    const part = [start];
    seen[start] = 1;
    for (const p of part)
      for (const q of neighbours(p, width, labels.length))
        if (!seen[q] && labels[q] === label) {
          seen[q] = 1;
          part.push(q);
        }
    if (part.length > (largest[label]?.length ?? 0)) largest[label] = part;
  }
  return largest;
}

/**
 * Makes segments connected (four neighbours): each keeps its largest part, and the pixels that are left join the segment that
 * reaches them first when all grow by a pixel at a time. Segments without a pixel are left out.
 */
export function connected(labels: Int32Array, width: number): Segmentation {
  const parts = largestParts(labels, width).filter((part) => part !== undefined);
  const result = new Int32Array(labels.length).fill(-1);
  parts.forEach((part, k) => {
    for (const p of part) result[p] = k;
  });
  const front = parts.flat();
  for (const p of front)
    for (const q of neighbours(p, width, labels.length))
      if (result[q] < 0) {
        result[q] = result[p];
        front.push(q);
      }
  return { labels: result, count: parts.length };
}
