import { z } from 'zod';
import { add, constant, conv, mul, pad, slice, sqrt } from '../graph/index.ts';
import { defineExplainer } from './explainer.ts';

const horizontal = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const vertical = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
/** Luma of Rec. 601. */
const luma = [0.299, 0.587, 0.114];

/** Edge strength of the grey picture, `[N,1,H,W]`, >= 0: a control that knows nothing of the model. */
export const sobel = defineExplainer({
  name: 'sobel',
  title: 'Sobel edges (control)',
  paper: 'arXiv:1810.03292',
  options: z.strictObject({}),
  attribution({ model }) {
    const filters = Float32Array.from([horizontal, vertical].flatMap((k) => luma.flatMap((l) => k.map((v) => v * l))));
    // Where the filter hangs over the border there is no edge to see: 0, not the jump to the padding.
    const edges = pad(conv(model.pixels, constant(filters, [2, 3, 3, 3])), [0, 0, 1, 1], [0, 0, 1, 1]);
    const square = mul(edges, edges);
    // The small constant keeps the root differentiable where the picture is flat.
    return sqrt(add(add(slice(square, 1, 0, 1), slice(square, 1, 1, 2)), 1e-12));
  },
});
