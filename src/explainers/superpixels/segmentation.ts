/** A picture cut into segments. */
export interface Segmentation {
  /** The segment of each pixel, `[H*W]`, from 0 to count - 1; each of them occurs. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** Equal rectangles, about `count` of them and about square. */
export function gridSegments([height, width]: readonly [number, number], count: number): Segmentation {
  const rows = Math.min(Math.max(Math.round(Math.sqrt((count * height) / width)), 1), height);
  const columns = Math.min(Math.max(Math.round(count / rows), 1), width);
  const labels = new Int32Array(height * width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      labels[y * width + x] = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
  return { labels, count: rows * columns };
}
