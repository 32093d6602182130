import * as g from '../graph/index.ts';
import { camOptions, overChannels, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';
import { identity } from './identity.ts';
import { convolutionalLayer } from './layers.ts';

/** Each map `[N,1,h,w]` brought to [0,1]; a constant one to 0. */
function stretched(map: g.Node): g.Node {
  const least = g.neg(g.reduceMax(g.neg(map), [2, 3], true));
  const range = g.sub(g.reduceMax(map, [2, 3], true), least);
  return g.div(g.sub(map, least), g.add(range, 1e-8));
}

/**
 * `relu(Σ_k w_k A_k)`, w the softmax over k of the logit of the picture multiplied with feature map A_k, resized and stretched to [0,1];
 * `[N,1,H,W]`, >= 0. Where the map is 0 the preprocessed picture becomes 0. The paper subtracts the logit of a baseline picture first, which
 * the softmax does not see. A loop in the graph: one forward pass for each of the K channels.
 */
export const scoreCam = defineExplainer({
  name: 'score-cam',
  title: 'Score-CAM',
  paper: 'arXiv:1910.01279',
  options: camOptions,
  attribution({ model, target, options }) {
    const maps = convolutionalLayer(model, options.layer);
    const channels = g.sizeAlong(maps, 1);
    const scores = g.sumOver([identity(channels)], [model.input, maps, target], ([mark], [x, all, chosen]) => {
      const map = overChannels(g.mul(all, g.reshape(mark, [1, channels, 1, 1])));
      const masked = g.mul(x, stretched(toPicture(map, model)));
      const [logits] = g.substitute([model.logits], new Map([[model.input, masked]]));
      return g.mul(g.reduceSum(g.mul(logits, chosen), [1], true), g.reshape(mark, [1, channels]));
    });
    const weights = g.reshape(g.softmax(scores, 1), ['N', channels, 1, 1]);
    return toPicture(g.relu(overChannels(g.mul(weights, maps))), model);
  },
});
