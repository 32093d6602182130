import { createRng, defineExplainer, graph, z } from 'xai-gauntlet';

/** For each pixel of a picture, row by row, the one whose relevance it gets. */
function swapped([height, width]: readonly [number, number], side: number, share: number, seed: number): Int32Array {
  const from = Int32Array.from({ length: height * width }, (_, p) => p);
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  const squares = Array.from({ length: rows * columns }, (_, s) => s);
  createRng(seed, 'degraded').shuffle(squares);
  const moved = squares.slice(0, Math.round(share * squares.length));
  const corner = (s: number) => Math.floor(s / columns) * side * width + (s % columns) * side;
  moved.forEach((s, i) => {
    const other = moved[(i + 1) % moved.length];
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) from[corner(s) + y * width + x] = corner(other) + y * width + x;
  });
  return from;
}

/**
 * Another explainer's map of which a share is wrong, `[N,C,H,W]`: that share of its squares of `side` pixels, drawn from `seed` alone, swap places.
 * It keeps all values of the map, hence its sparseness; a larger share moves the squares of a smaller one and more.
 */
export default defineExplainer({
  name: 'degraded',
  title: 'Degraded map (control)',
  paper: 'after arXiv:2302.07265',
  wraps: 'of',
  options: z.strictObject({
    of: z.union([z.string(), z.looseObject({ use: z.string() })]),
    share: z.number().min(0).max(1),
    side: z.int().positive().default(4),
    seed: z.int().default(0),
  }),
  attribution({ model, target, options, wrapped }) {
    const map = wrapped!(model, target);
    const { side, share, seed } = options;
    const [n, channels, height, width] = map.shape;
    const from = swapped(model.size, side, share, seed);
    const flat = graph.reshape(map, [n, channels, from.length]);
    const moved = graph.gather(flat, graph.constant(from, [from.length], 'int64'), 2);
    return graph.reshape(moved, [n, channels, height, width]);
  },
});
