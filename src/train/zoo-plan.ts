/** How a net is trained: passes over the first scenes of the split `train`. */
export interface Training {
  readonly epochs: number;
  readonly scenes: number;
  /** The highest learning rate, where it is not that of the recipe for nets of its kind. */
  readonly rate?: number;
}

const short: Training = { epochs: 3, scenes: 12_000 };

/** The nets of the package and how each was trained, by seed 0; `npm run train -- --net NAME --threads 1` makes one of them. */
export const zooPlan: Readonly<Record<string, Training>> = {
  'scenes-vgg': { epochs: 8, scenes: 12_000 },
  'scenes-vgg-leaky-relu': short,
  'scenes-vgg-elu': { epochs: 5, scenes: 12_000, rate: 0.02 },
  'scenes-vgg-gelu': short,
  'scenes-vgg-silu': short,
  'scenes-vgg-softplus': { epochs: 4, scenes: 12_000 },
  'scenes-vgg-5': { epochs: 6, scenes: 12_000 },
  'scenes-vgg-13': { epochs: 4, scenes: 12_000 },
  'scenes-resnet': { epochs: 8, scenes: 12_000 },
  'scenes-resnet-20': { epochs: 5, scenes: 12_000 },
  'scenes-vit': { epochs: 14, scenes: 24_000 },
};

/** How a net is trained by default. */
export const trainingOf = (net: string): Training => zooPlan[net] ?? { epochs: 5, scenes: 12_000 };
