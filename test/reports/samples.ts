import type { CurveSet } from '../../reports/curve-set.ts';
import type { HeatmapFigure } from '../../reports/heatmap-figure.ts';
import type { MetricInfo } from '../../reports/metric-info.ts';
import type { Row } from '../../reports/row.ts';
import type { Heatmap } from '../../src/numeric/heatmap.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import type { Tensor } from '../../src/numeric/tensor.ts';

/** A row with ordinary values where the test does not care. */
export const row = (part: Partial<Row>): Row => ({
  model: 'toy',
  dataset: 'scenes',
  sample: 'a',
  label: 1,
  prediction: 2,
  target: 2,
  explainer: 'srd',
  attack: 'none',
  metric: 'pointing-game',
  value: 0,
  reason: '',
  discarded: null,
  ...part,
});

export const metrics: MetricInfo[] = [
  { name: 'pointing-game', title: 'Pointing game', better: 'higher', range: [0, 1], proportion: true },
  { name: 'deletion-auc', title: 'Deletion AUC', better: 'lower', range: [0, 1] },
  { name: 'ssim', title: 'Structural similarity (SSIM)', better: 'higher', range: [-1, 1] },
];

const explainers = ['srd-apop', 'gradcam', 'integrated-gradients'];
const attacks = ['none', 'pgd-linf', 'targeted-manipulation'];

/** Rows of three explainers, clean and under two attacks, with a few undefined values. */
export function sampleRows(): Row[] {
  const rng = createRng(1);
  return explainers.flatMap((explainer, e) =>
    attacks.flatMap((attack, a) =>
      ['pointing-game', 'ssim:before-after', 'ssim:after-target', 'attack:linf'].flatMap((metric) => {
        if (attack === 'none' && metric !== 'pointing-game') return [];
        return Array.from({ length: 12 }, (_, s) => {
          const undefinedHere = metric === 'pointing-game' && s === 3 + e;
          const value = 0.3 + 0.2 * e - 0.08 * a + 0.1 * rng.normal();
          return row({
            sample: `s${s}`,
            explainer,
            attack,
            metric,
            value: undefinedHere ? null : value,
            reason: undefinedHere ? 'the mask is empty' : '',
          });
        });
      }),
    ),
  );
}

/** Three samples of an attack found on each of three explainers and scored on all: the gap closed is 0.8 on its own and less the further apart two stand. */
export const transferRows = (): Row[] =>
  explainers.flatMap((from, f) =>
    explainers.flatMap((to, t) =>
      [-0.1, 0, 0.1].flatMap((shift, s) => {
        const of = { sample: `s${s}`, explainer: to, attack: `nudge@${from}` };
        const gap = 0.8 - 0.4 * Math.abs(f - t) + shift;
        return [
          row({ ...of, metric: 'ssim:gap-closed', value: gap }),
          row({ ...of, metric: 'ssim:before-after', value: 1 - gap }),
          row({ ...of, metric: 'ssim:before-target', value: 0 }),
          row({ ...of, metric: 'pointing-game', value: 1 }),
        ];
      }),
    ),
  );

export function sampleCurves(): CurveSet[] {
  const rng = createRng(2);
  const x = Array.from({ length: 15 }, (_, i) => i / 14);
  return explainers.map((explainer, e) => ({
    model: 'toy',
    dataset: 'scenes',
    explainer,
    attack: 'none',
    metric: 'deletion-auc',
    x,
    ys: Array.from({ length: 8 }, () => {
      const rate = 3 + 2 * e + rng.normal();
      return x.map((t) => 0.9 * Math.exp(-rate * t));
    }),
  }));
}

/** A picture `[3,height,width]` of a disc on a slope of colour. */
export function disc(height: number, width: number): Tensor {
  const picture = tensor([3, height, width]);
  for (let p = 0; p < height * width; p++) {
    const [y, x] = [Math.floor(p / width) / height, (p % width) / width];
    const colour =
      Math.hypot(x - 0.6, y - 0.45) < 0.22 ? [0.85, 0.5, 0.15] : [0.5 + 0.3 * y, 0.7 - 0.2 * y, 0.9 - 0.5 * y];
    colour.forEach((v, c) => {
      picture.data[c * height * width + p] = v;
    });
  }
  return picture;
}

/** A map with a bump at (x, y) and, where signed, a negative one in the corner. */
export function bump(size: number, x: number, y: number, signed: boolean): Heatmap {
  const at = (p: number, cx: number, cy: number) =>
    Math.exp(-(((p % size) / size - cx) ** 2 + (Math.floor(p / size) / size - cy) ** 2) / 0.03);
  const values = Float64Array.from({ length: size * size }, (_, p) => at(p, x, y) - (signed ? at(p, 0.1, 0.9) / 2 : 0));
  return { height: size, width: size, values };
}

/** A figure of two explainers under attack, one with a target map. */
export const attackedFigure = (): HeatmapFigure => ({
  sample: 'scenes/0007',
  of: { model: 'toy', dataset: 'scenes', sample: 's7' },
  image: disc(32, 32),
  prediction: { label: 'disc', probability: 0.934 },
  entries: [
    {
      explainer: 'srd-apop',
      attack: 'targeted-manipulation',
      map: bump(32, 0.6, 0.45, true),
      attackedImage: disc(32, 32),
      attackedPrediction: { label: 'disc', probability: 0.92 },
      mapAfter: bump(32, 0.5, 0.5, true),
      target: bump(32, 0.2, 0.2, false),
    },
    {
      explainer: 'gradcam',
      attack: 'pgd-linf',
      map: bump(32, 0.6, 0.45, false),
      attackedImage: disc(32, 32),
      attackedPrediction: { label: 'square', probability: 0.5 },
      mapAfter: bump(32, 0.3, 0.3, false),
    },
  ],
});
