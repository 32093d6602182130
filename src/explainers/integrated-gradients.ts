import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { baselineKind, baselinePicture } from './baseline.ts';
import { defineExplainer } from './explainer.ts';
import { gaussLegendre, riemannRight, trapezoid } from './quadrature.ts';

const rules = { 'gauss-legendre': gaussLegendre, 'riemann-right': riemannRight, trapezoid };

/** So many steps stand in the graph one by one: an attack's derivative has their values then, which after a loop it computes anew. */
const few = 4;

/**
 * `(x - x') ⊙ Σ_k w_k ∇y_c(x' + α_k (x - x'))`, `[N,C,H,W]`; sums to `y_c(x) - y_c(x')` up to the error of the rule.
 * Many steps are one loop inside the graph, so memory is that of one gradient and attacks can differentiate through it.
 */
export const integratedGradients = defineExplainer({
  name: 'ig',
  title: 'Integrated Gradients',
  paper: 'arXiv:1703.01365',
  options: z.strictObject({
    steps: z.int().min(2).default(50),
    rule: z.enum(['gauss-legendre', 'riemann-right', 'trapezoid']).default('gauss-legendre'),
    baseline: baselineKind.default('black'),
  }),
  attribution({ model, target, options }) {
    const { nodes, weights } = rules[options.rule](options.steps);
    const baseline = baselinePicture(model, options.baseline);
    const path = g.sub(model.input, baseline);
    const term = ([alpha, weight]: readonly Node[], [x, start, chosen]: readonly Node[]) => {
      const point = g.add(start, g.mul(alpha, g.sub(x, start)));
      const [logits] = g.substitute([model.logits], new Map([[model.input, point]]));
      return g.grad(g.mul(weight, g.reduceSum(g.mul(logits, chosen), [1])), [point])[0];
    };
    const shared = [model.input, baseline, target];
    const sequence = (values: Float64Array) => g.constant(values, [values.length]);
    const average =
      options.steps <= few
        ? Array.from(nodes, (alpha, k) => term([g.scalar(alpha), g.scalar(weights[k])], shared)).reduce(g.add)
        : g.sumOver([sequence(nodes), sequence(weights)], shared, term);
    return g.mul(path, average);
  },
});
