import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Engine, Tensors } from '../../src/engine/engine.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { at, batchOf, oneHot, tensor, type Tensor } from '../../src/numeric/tensor.ts';

/** Maps of a trained net by Captum and pytorch_grad_cam, made in float64 by test/fixtures/real_nets_reference.py. */
export interface Reference {
  /** Target layer of the CAM family, as the file names it. */
  readonly layer: string;
  /** The picture, channels first. */
  readonly bytes: number[];
  readonly target: number;
  /** The logits, and the maps. */
  readonly maps: Record<string, number[]>;
}

export const readReference = (file: string | URL): Reference =>
  JSON.parse(gunzipSync(readFileSync(file)).toString()) as Reference;

/** Maps of a reference that are not those of the explainer of their name with its default options. */
const named: Record<string, { name: string; options: Record<string, string> }> = {
  'deeplift black': { name: 'deeplift', options: {} },
  'deeplift mean': { name: 'deeplift', options: { baseline: 'mean' } },
  fullgrad: { name: 'fullgrad', options: { rescale: 'channel' } },
};

/** Our map of the reference's picture and class. */
async function mapOf(model: Model, engine: Engine, { bytes, target, layer }: Reference, map: string): Promise<Tensor> {
  const image = tensor(
    [3, ...model.size],
    bytes.map((b) => b / 255),
  );
  const { name, options } = named[map] ?? { name: map, options: map.includes('-cam') ? { layer } : {} };
  const explainer = explainers.find((e) => e.name === name);
  const chosen = g.input('target', ['N', model.classes]);
  const node =
    explainer && isWhiteBox(explainer)
      ? explainer.attribution({ model, target: chosen, options: explainer.options.parse(options) })
      : model.logits;
  const program = engine.compile({ node });
  const feeds: Tensors = program.inputs.includes('target') ? { target: oneHot(target, model.classes) } : {};
  const predict = async (pixels: Tensor) => (await program.run({ pixels, ...feeds })).node;
  const ours =
    explainer && !isWhiteBox(explainer)
      ? await explainer.explain({
          predict,
          image,
          target,
          options: explainer.options.parse(options),
          rng: createRng(0),
        })
      : at(await predict(batchOf(image)), 0);
  await program.release();
  return ours;
}

/** The largest difference from a map of the reference, as a part of the map's largest value. */
export async function differenceFromPeer(
  model: Model,
  engine: Engine,
  reference: Reference,
  map: string,
): Promise<number> {
  const { data } = await mapOf(model, engine, reference, map);
  const theirs = reference.maps[map];
  if (data.length !== theirs.length) throw new Error(`${map}: ${data.length} values for ${theirs.length}`);
  const largest = (values: ArrayLike<number>) => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return largest(theirs.map((v, i) => data[i] - v)) / largest(theirs);
}
