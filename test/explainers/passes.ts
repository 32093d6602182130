import { isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { logitsOf, picture } from './axioms.ts';
import { attentionNets, nets } from './nets.ts';
import type { Setup } from './table.ts';

/** Convolutions carried out for a value, forward or transposed, those of a loop as often as it runs; not those on bare pixels. */
function convolutions(output: Node, pixels: Node): number {
  return g.topological([output]).reduce((count, node) => {
    if (node.op === 'sumOver')
      return count + (node.inputs[0].shape[0] as number) * convolutions(node.attrs.body, pixels);
    return count + Number((node.op === 'conv' || node.op === 'convInput') && node.inputs[0] !== pixels);
  }, 0);
}

/** Passes through a net for one map: of a white box by its convolutions, of a black box by its predictions. */
export async function passesThrough({ explainer, parsed: options, nets: kind }: Setup): Promise<number> {
  const model = (kind === 'transformers' ? attentionNets.transformer : nets.plain)(createRng(0), { normalise: true });
  if (isWhiteBox(explainer)) {
    const map = explainer.attribution({ model, target: g.input('target', ['N', 4]), options });
    return convolutions(map, model.pixels) / convolutions(model.logits, model.pixels);
  }
  let asked = 0;
  const predict = ({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }) => {
    asked += shape[0];
    const logits = logitsOf(model, { shape, data: Float64Array.from(data) });
    return Promise.resolve(tensor(logits.shape, logits.data));
  };
  const image = tensor([3, 6, 6], Float32Array.from(picture(0).data));
  await explainer.explain({ predict, image, target: 0, options, rng: createRng(0) });
  return asked;
}

/** The passes that a line of the table claims, of a net of two layers. */
export function passesOf({ parsed, passes }: Setup): number {
  const options = parsed as Record<string, number>;
  const windows = (Math.ceil((6 - options.window) / Math.ceil(options.window / 2)) + 1) ** 2;
  const values: Record<string, number> = { 1: 1, first: 1 / 2, channels: 5, windows, ...options };
  return Object.entries(passes).reduce((total, [name, times]) => total + times * values[name], 0);
}

/** The same in words, e.g. `2 steps`. */
export const passesText = ({ passes }: Pick<Setup, 'passes'>): string =>
  Object.entries(passes)
    .map(([name, times]) => (name === '1' ? String(times) : times === 1 ? name : `${times} ${name}`))
    .join(' + ') || '0';
