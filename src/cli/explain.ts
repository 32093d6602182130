import type { LoadOptions, Preprocessing } from '../model/model.ts';
import { defineCommand, print, say } from './command.ts';

const presets = ['imagenet', 'cifar10', 'none'] as const;
const fits = ['crop', 'squash', 'exact'] as const;

/** `explain`: one explanation of one picture, as numbers and as a picture. */
export const explain = defineCommand({
  command: 'explain',
  describe: 'explain what a model says of one picture',
  builder: (yargs) =>
    yargs.options({
      model: { type: 'string', demandOption: true, requiresArg: true, describe: 'ONNX file, or zoo:NAME' },
      preset: { choices: presets, describe: 'preprocessing of the ONNX file' },
      labels: { type: 'string', requiresArg: true, describe: 'CSV label,name of the classes' },
      image: { type: 'string', requiresArg: true, conflicts: 'input', describe: 'JPEG, PNG or WebP file' },
      input: { type: 'string', requiresArg: true, describe: '.npy file [3,H,W], pixel values in [0,1]' },
      fit: { choices: fits, default: 'crop' as const, describe: 'how the image is brought to the size of the model' },
      explainer: { type: 'string', demandOption: true, requiresArg: true, describe: 'name, see list explainers' },
      option: { type: 'string', array: true, default: [] as string[], describe: 'option of the explainer, key=value' },
      plugin: { type: 'string', array: true, default: [] as string[], describe: 'file that defines explainers' },
      target: {
        type: 'number',
        requiresArg: true,
        describe: 'class to explain',
        defaultDescription: 'the predicted one',
      },
      seed: { type: 'number', default: 0, describe: 'seed of explainers that draw random numbers' },
      out: { type: 'string', requiresArg: true, describe: '.npz file for attribution [C,H,W], logits [K] and target' },
      png: { type: 'string', requiresArg: true, describe: 'PNG file for image, map and overlay' },
    }),
  async handler(args) {
    const { UserError } = await import('../numeric/errors.ts');
    const { loadModel } = await import('../model/model.ts');
    if ((args.image === undefined) === (args.input === undefined))
      throw new UserError('give a picture, by --image or by --input');
    if (args.out === undefined && args.png === undefined)
      throw new UserError('say what to write, by --out, --png or both');
    const entry = await explainerEntry(args.explainer, args.option, args.plugin);
    const model = await loadModel(await modelOptions(args));
    if (
      args.target !== undefined &&
      !(Number.isInteger(args.target) && args.target >= 0 && args.target < model.classes)
    )
      throw new UserError(`--target: expected a class from 0 to ${model.classes - 1}`);

    const { readArray, readPicture } = await import('./picture.ts');
    const image =
      args.image === undefined
        ? await readArray(args.input!, model.size)
        : await readPicture(args.image, model.size, args.fit);
    const { createOnnxRuntimeEngine } = await import('../engine/onnxruntime.ts');
    const { createPrograms } = await import('../experiment/programs.ts');
    const { predictionOf } = await import('../experiment/sample-work.ts');
    const { createRng } = await import('../numeric/random.ts');
    const { at, batchOf } = await import('../numeric/tensor.ts');
    const engine = createOnnxRuntimeEngine();
    const programs = createPrograms(engine, model);
    const prediction = await predictionOf(programs, image);
    const target = args.target ?? prediction.index;
    const attribution = at(await programs.explain(entry)(batchOf(image), target, createRng(args.seed)), 0);
    await engine.release();

    const nameOf = (index: number) => model.labels?.[index] ?? `class ${index}`;
    const { writeWhole } = await import('../../reports/write.ts');
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
      const { heatmapPng } = await import('../../reports/index.ts');
      const { heatmapStep, toHeatmap } = await import('../numeric/heatmap.ts');
      const caption = { label: nameOf(prediction.index), probability: prediction.probability };
      const title = `${entry.name}, ${nameOf(target)}`;
      await writeWhole(args.png, heatmapPng(image, toHeatmap(attribution, heatmapStep.parse({})), title, caption));
      written.push(args.png);
    }
    for (const note of model.notes) say(`${model.name}: ${note}`);
    print(
      `predicted ${prediction.index} (${nameOf(prediction.index)}, ${(100 * prediction.probability).toFixed(1)} %), explained ${target} (${nameOf(target)}) by ${entry.name}: ${written.join(', ')}`,
    );
  },
});

/** The explainer with its options, as a config would give it. */
async function explainerEntry(name: string, options: readonly string[], plugins: readonly string[]) {
  const { resolve } = await import('node:path');
  const { parse } = await import('yaml');
  const { UserError } = await import('../numeric/errors.ts');
  const { loadPlugins } = await import('../experiment/plugins.ts');
  const { readEntry } = await import('../experiment/config/entries.ts');
  const known = await loadPlugins(plugins.map((file) => ({ file: resolve(file), place: '--plugin' })));
  const pairs = options.map((option): [string, unknown] => {
    const split = option.indexOf('=');
    if (split < 1) throw new UserError(`--option ${option}: expected key=value`);
    return [option.slice(0, split), parse(option.slice(split + 1))];
  });
  const value = { use: name, ...Object.fromEntries(pairs) };
  const source = {
    file: '--option',
    value,
    at: (path: readonly PropertyKey[]) => (path[0] === 'use' ? '--explainer' : '--option'),
    atKey: () => '--option',
  };
  return readEntry('explainers', value, { source, path: [] }, known);
}

async function modelOptions(args: { model: string; preset?: Preprocessing; labels?: string }): Promise<LoadOptions> {
  const { UserError } = await import('../numeric/errors.ts');
  const [, zoo] = /^zoo:(.+)$/.exec(args.model) ?? [];
  if (zoo !== undefined) return (await import('../experiment/zoo.ts')).zooModel(zoo);
  if (args.preset === undefined)
    throw new UserError(`--preset: say how pictures are prepared for ${args.model}: ${presets.join(', ')}`);
  const { readLabels } = await import('../experiment/labels.ts');
  const labels = args.labels === undefined ? undefined : await readLabels(args.labels);
  return { file: args.model, preprocessing: args.preset, labels };
}
