import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import { isActivation } from '../model/model.ts';
import { baselineKind, baselinePicture } from './baseline.ts';
import { defineExplainer, targetLogit } from './explainer.ts';

/** Changes smaller than this say nothing of a slope. */
const tiny = 1e-6;

/**
 * What a max pool's inputs contribute to its change (Captum's rule): a rise belongs to the maximum of the picture, a fall to that of the
 * baseline, each times the cotangent.
 */
function pooledContribution(node: g.NodeOf<'maxPool'>, reference: g.NodeOf<'maxPool'>, t: Node): Node {
  const size = [g.sizeAlong(node.inputs[0], 2), g.sizeAlong(node.inputs[0], 3)] as const;
  const larger = g.maximum(node, reference);
  const part = (change: Node, { inputs: [x], attrs }: g.NodeOf<'maxPool'>) =>
    g.poolScatter(g.mul(t, change), g.maxPoolIndices(x, attrs), size);
  return g.add(part(g.sub(larger, reference), node), part(g.sub(node, larger), reference));
}

/**
 * DeepLIFT's rescale rule, `[N,C,H,W]`: the difference to the baseline times multipliers that are `Δa / Δz` at activations and max pools, the
 * derivative elsewhere and where Δz is below 1e-6. It explains the logit, and sums to `y(x) - y(baseline)` for nets of linear layers,
 * activations and max pools. The baseline's forward pass is part of the graph.
 */
export const deeplift = defineExplainer({
  name: 'deeplift',
  title: 'DeepLIFT (rescale)',
  paper: 'arXiv:1704.02685',
  options: z.strictObject({ baseline: baselineKind.default('black') }),
  attribution({ model, target, options }) {
    const start = g.expand(baselinePicture(model, options.baseline), model.input.shape);
    const bent = g.topological([model.logits]).filter((n) => isActivation(n) || n.op === 'maxPool');
    const references = g.substitute(bent, new Map([[model.input, start]]));
    const referenceOf = new Map(bent.map((node, i) => [node, references[i]]));

    const logit = targetLogit(model, target);
    const [multiplier] = g.backward([logit], [g.full(logit, 1)], [model.input], (node, t) => {
      const reference = referenceOf.get(node);
      if (!reference) return undefined;
      const change = g.sub(node.inputs[0], reference.inputs[0]);
      const contribution =
        node.op === 'maxPool'
          ? pooledContribution(node, reference as g.NodeOf<'maxPool'>, t)
          : g.mul(t, g.sub(node, reference));
      const still = g.greater(tiny, g.abs(change));
      return [g.where(still, g.pullBack(node, t)[0]!, g.div(contribution, g.where(still, 1, change)))];
    });
    return g.mul(g.sub(model.input, start), multiplier);
  },
});
