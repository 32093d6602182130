import type { Explainer } from '../explainers/index.ts';
import type { Chosen } from '../experiment/programs.ts';
import type { Model } from '../model/model.ts';
import { defineCommand, print, say } from './command.ts';
import { engineOption } from './engine.ts';
import { modelOptions, preprocessingOptions } from './model-options.ts';
import { seedOption } from './number-options.ts';

const fits = ['crop', 'squash', 'exact'] as const;

/** `explain`: one explanation of one picture, as numbers and as a picture. */
export const explain = defineCommand({
  builder: (yargs) =>
    yargs.options({
      model: { type: 'string', demandOption: true, requiresArg: true, describe: 'ONNX file, or zoo:NAME' },
      ...preprocessingOptions,
      labels: { type: 'string', requiresArg: true, describe: 'CSV label,name of the classes' },
      image: { type: 'string', requiresArg: true, describe: 'JPEG, PNG or WebP file' },
      input: { type: 'string', requiresArg: true, describe: '.npy file [3,H,W], pixel values in [0,1]' },
      scene: { type: 'number', requiresArg: true, describe: 'in place of a file: a drawn scene, by its number from 0' },
      fit: { choices: fits, default: 'crop' as const, describe: 'how the picture is brought to the size of the model' },
      explainer: { type: 'string', demandOption: true, requiresArg: true, describe: 'name, see list explainers' },
      option: { type: 'string', array: true, default: [] as string[], describe: 'option of the explainer, key=value' },
      layer: { type: 'string', requiresArg: true, describe: 'target layer; short for --option layer=...' },
      position: {
        type: 'string',
        requiresArg: true,
        describe: 'row,column of the layer, whose effective receptive field is drawn (SRD)',
      },
      plugin: { type: 'string', array: true, default: [] as string[], describe: 'file that defines explainers' },
      target: {
        type: 'number',
        requiresArg: true,
        describe: 'class to explain',
        defaultDescription: 'the predicted one',
      },
      seed: seedOption('seed of explainers that draw random numbers'),
      engine: engineOption,
      out: { type: 'string', requiresArg: true, describe: '.npz file for attribution [C,H,W], logits [K] and target' },
      png: { type: 'string', requiresArg: true, describe: 'PNG file for image, map and overlay' },
    }),
  async handler(args) {
    const { explainerEntry } = await import('./explainer-entry.ts');
    const { UserError } = await import('../numeric/errors.ts');
    const { loadModel } = await import('../model/model.ts');
    if ([args.image, args.input, args.scene].filter((given) => given !== undefined).length !== 1)
      throw new UserError('give a picture, by --image, --input or --scene');
    if (args.scene !== undefined && !(Number.isInteger(args.scene) && args.scene >= 0))
      throw new UserError('--scene: expected a whole number of at least 0');
    if (args.out === undefined && args.png === undefined)
      throw new UserError('say what to write, by --out, --png or both');
    const entry = await explainerEntry(args);
    const model = await loadModel(await modelOptions(args));
    if (
      args.target !== undefined &&
      !(Number.isInteger(args.target) && args.target >= 0 && args.target < model.classes)
    )
      throw new UserError(`--target: expected a class from 0 to ${model.classes - 1}`);

    const { pictureOf } = await import('./picture.ts');
    const image = await pictureOf(args, model.size);
    const { checkPlaces, writeWhole } = await import('../../reports/write.ts');
    await checkPlaces([args.out, args.png]);
    const { openEngine } = await import('../engine/select.ts');
    const { createPrograms } = await import('../experiment/programs.ts');
    const { predictionOf } = await import('../experiment/sample-work.ts');
    const { createRng } = await import('../numeric/random.ts');
    const { at, batchOf } = await import('../numeric/tensor.ts');
    const engine = await openEngine(args.engine);
    const programs = createPrograms(engine, model);
    const prediction = await predictionOf(programs, image);
    const target = args.target ?? prediction.index;
    const attribution = at(await programs.explain(entry)(batchOf(image), target, createRng(args.seed)), 0);
    await engine.release();

    const place = await placeOf(model, entry);
    const nameOf = (index: number) => model.labels?.[index] ?? `class ${index}`;
    const written: string[] = [];
    if (args.out !== undefined) {
      const { writeNpz } = await import('../numeric/npy.ts');
      const arrays = {
        attribution: { shape: attribution.shape, data: new Float32Array(attribution.data) },
        logits: { shape: [model.classes], data: new Float32Array(prediction.logits) },
        target: { shape: [], data: Int32Array.of(target) },
      };
      await writeWhole(args.out, writeNpz(arrays));
      written.push(args.out);
    }
    if (args.png !== undefined) {
      const { heatmapPng } = await import('../../reports/heatmap-figure.ts');
      const { heatmapStep, toHeatmap } = await import('../numeric/heatmap.ts');
      const caption = { label: nameOf(prediction.index), probability: prediction.probability };
      const title = `${entry.name}, ${place ?? nameOf(target)}`;
      await writeWhole(args.png, heatmapPng(image, toHeatmap(attribution, heatmapStep.parse({})), title, caption));
      written.push(args.png);
    }
    for (const note of model.notes) say(`${model.name}: ${note}`);
    print(
      `predicted ${prediction.index} (${nameOf(prediction.index)}, ${(100 * prediction.probability).toFixed(1)} %), explained ${place ?? `${target} (${nameOf(target)})`} by ${entry.name}: ${written.join(', ')}`,
    );
  },
});

/** The position whose field SRD draws in the place of a class, where one is given. */
async function placeOf(model: Model, { definition, options }: Chosen<Explainer>): Promise<string | undefined> {
  const { sharingRatioOptions } = await import('../explainers/sharing-ratio.ts');
  if (definition.options !== sharingRatioOptions) return undefined;
  const { layer, position } = sharingRatioOptions.parse(options);
  const { targetLayer } = await import('../explainers/layers.ts');
  const { name, op } = targetLayer(model, layer);
  return position && `${name ?? op} at [${position.join()}]`;
}
