import { tensor, type Tensor } from '../src/numeric/tensor.ts';

/** Whether a pixel belongs to a region; positions and sizes in pixels. */
type Region = (y: number, x: number, height: number, width: number) => boolean;

/** XAI in a font of 5x7. */
const letters = [
  'X...X..XXX..XXX',
  'X...X.X...X..X.',
  '.X.X..X...X..X.',
  '..X...XXXXX..X.',
  '.X.X..X...X..X.',
  'X...X.X...X..X.',
  'X...X.X...X.XXX',
];

const edgeOf = (height: number, width: number) => Math.max(1, Math.round(Math.min(height, width) / 10));

const regions = {
  /** Everywhere alike. */
  uniform: () => true,
  /** Along the border, a fifth of the picture wide in all. */
  frame(y, x, height, width) {
    const edge = edgeOf(height, width);
    return y < edge || x < edge || y >= height - edge || x >= width - edge;
  },
  /** The top left quarter. */
  corner: (y, x, height, width) => y < height / 2 && x < width / 2,
  /** Both diagonals, a tenth of the picture wide, and a pixel at least. */
  cross(y, x, height, width) {
    const [down, across] = [(y + 0.5) / height, (x + 0.5) / width];
    const half = Math.max(0.07, 0.5 / Math.min(height, width));
    return Math.min(Math.abs(down - across), Math.abs(down + across - 1)) < half;
  },
  /** The letters XAI across the middle. */
  text(y, x, height, width) {
    const scale = Math.max(1, Math.floor(0.9 * Math.min(width / letters[0].length, height / letters.length)));
    const row = Math.floor((y - height / 2) / scale + letters.length / 2);
    const column = Math.floor((x - width / 2) / scale + letters[0].length / 2);
    return letters[row]?.[column] === 'X';
  },
} satisfies Record<string, Region>;

export const drawnTargets = ['uniform', 'frame', 'corner', 'cross', 'text'] as const;
export type DrawnTarget = (typeof drawnTargets)[number];

/** A drawn map, `[1,H,W]`: alike inside its region, 0 outside, 1 in all. */
export function drawn(kind: DrawnTarget, [height, width]: readonly [number, number]): Tensor {
  const inside: Region = regions[kind];
  const flags = Array.from({ length: height * width }, (_, i) =>
    inside(Math.floor(i / width), i % width, height, width) ? 1 : 0,
  );
  const count = flags.filter(Boolean).length;
  return tensor(
    [1, height, width],
    flags.map((flag) => flag / count),
  );
}
