import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { modelOf } from '../../src/model/load.ts';
import { rebuild, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { alike, logitsOf, mapOf, netsFor, picture, tried } from './axioms.ts';
import { passesOf, passesThrough } from './passes.ts';
import { axioms, setups } from './table.ts';

/** Activations that leave nothing to explain, or far too much. */
const extremes: Record<string, (x: Node) => Node> = {
  'dead layers': (x) => g.relu(g.sub(x, 1000)),
  'saturated activations': (x) => g.tanh(g.mul(x, 1e4)),
  'huge logits': (x) => g.mul(g.relu(x), 1e6),
};

/** Batch normalisation after each convolution, as nodes of its own or by hand in the weights. */
const normalised = (model: Model, folded: boolean): Model =>
  rebuild(model, (node) => {
    if (node.op !== 'conv') return node;
    const channels = g.sizeAlong(node, 1);
    const rng = createRng(channels, 'normalisation');
    const drawn = (low: number) =>
      g.constant(
        Float64Array.from({ length: channels }, () => low + rng.uniform()),
        [channels],
      );
    const [gain, offset] = [drawn(0.5), drawn(-0.5)];
    const [x, weight, bias] = node.inputs;
    return folded
      ? g.conv(x, g.mul(weight, g.reshape(gain, [channels, 1, 1, 1])), g.add(g.mul(bias, gain), offset), node.attrs)
      : g.add(g.mul(node, g.reshape(gain, [1, channels, 1, 1])), g.reshape(offset, [1, channels, 1, 1]));
  });

describe.each(setups)('$name', (setup) => {
  it.each(axioms)('%s', async (axiom) => {
    const { holds, counterExample } = await tried(axiom, setup);
    expect(holds, `counter-example: ${counterExample}`).toBe(setup.holds.includes(axiom));
  });

  const nets = netsFor(setup);

  it('gives the same map for the same seed', async () => {
    const run = () => mapOf(setup, Object.values(nets)[0](createRng(1)), picture(1));
    expect(await run()).toEqual(await run());
  });

  it('stays finite on constant pictures', async () => {
    for (const make of Object.values(nets))
      for (const value of [0, 0.5, 1]) {
        const flat = { shape: [1, 3, 6, 6], data: new Float64Array(108).fill(value) };
        expect((await mapOf(setup, make(createRng(4)), flat)).every(Number.isFinite)).toBe(true);
      }
  });

  it.each(Object.keys(extremes))('stays finite on %s', async (extreme) => {
    for (const make of Object.values(nets)) {
      const map = await mapOf(setup, make(createRng(4), { activation: extremes[extreme] }), picture(4));
      expect(map.every(Number.isFinite)).toBe(true);
    }
  });

  it('does not see whether the batch normalisation of a file was folded', async () => {
    for (const make of Object.values(nets)) {
      const [apart, within] = [false, true].map((folded) => {
        const model = normalised(make(createRng(5)), folded);
        return modelOf(writeModel({ logits: model.logits }), 'net.onnx', { preprocessing: 'none' });
      });
      expect(alike([...logitsOf(apart, picture(5)).data], [...logitsOf(within, picture(5)).data])).toBe(true);
      expect(alike(await mapOf(setup, apart, picture(5)), await mapOf(setup, within, picture(5)))).toBe(true);
    }
  });

  it('costs as many passes as it says', async () => {
    expect(await passesThrough(setup)).toBe(passesOf(setup));
  });
});
