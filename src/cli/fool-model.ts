import { defineCommand, print, say } from './command.ts';
import { modelOptions, preprocessingOptions } from './model-options.ts';
import { countOption, seedOption } from './number-options.ts';
import { threadsOption } from './run-options.ts';

/** `fool-model`: fine-tunes a net on the built-in scenes so that its explanations move and its predictions stay. */
export const foolModel = defineCommand({
  builder: (yargs) =>
    yargs.options({
      model: { type: 'string', demandOption: true, requiresArg: true, describe: 'zoo:NAME, or an ONNX file like it' },
      ...preprocessingOptions,
      explainer: { type: 'string', demandOption: true, requiresArg: true, describe: 'name, see list explainers' },
      option: { type: 'string', array: true, default: [] as string[], describe: 'option of the explainer, key=value' },
      plugin: { type: 'string', array: true, default: [] as string[], describe: 'file that defines explainers' },
      watch: {
        type: 'string',
        array: true,
        default: ['gradient', 'gradient-x-input', 'guided-backprop', 'ig', 'lrp', 'grad-cam', 'srd', 'srd-apop'],
        describe: 'other explainers to measure',
      },
      loss: {
        choices: ['location', 'top-k', 'mass-centre', 'swap'] as const,
        default: 'location' as const,
        describe: 'what becomes of the maps',
      },
      region: {
        choices: ['frame', 'corner', 'cross'] as const,
        default: 'frame' as const,
        describe: 'where --loss location brings them',
      },
      weight: { type: 'number', default: 1, describe: 'how much the maps count beside the cross-entropy' },
      steps: countOption('steps', 'steps of Adam', 400),
      batch: countOption('batch', 'scenes in a step', 32),
      rate: { type: 'number', default: 5e-4, describe: 'highest learning rate' },
      scenes: countOption('scenes', 'number of scenes to train on', 2000),
      count: countOption('count', 'number of test scenes to measure on', 200),
      seed: seedOption('seed of the order of the scenes'),
      threads: threadsOption,
      out: { type: 'string', demandOption: true, requiresArg: true, describe: 'ONNX file; the measures go to .json' },
      png: { type: 'string', requiresArg: true, describe: 'PNG file for the maps of a scene, before and after' },
    }),
  async handler(args) {
    const { UserError } = await import('../numeric/errors.ts');
    for (const key of ['weight', 'rate'] as const)
      if (!(args[key] > 0 && Number.isFinite(args[key]))) throw new UserError(`--${key}: expected a number above 0`);
    if (!args.out.endsWith('.onnx')) throw new UserError(`--out ${args.out}: expected the name of an .onnx file`);
    const { loadModel, modelOf } = await import('../model/model.ts');
    const { attributionOf } = await import('../experiment/programs.ts');
    const { explainerEntry } = await import('./explainer-entry.ts');
    const { scene, sceneClasses, sceneSize } = await import('../data/scenes.ts');
    const entry = await explainerEntry(args);
    const others = await Promise.all(
      args.watch
        .filter((name) => name !== entry.name)
        .map((explainer) => explainerEntry({ explainer, option: [], plugin: args.plugin })),
    );
    const watched = [entry, ...others];
    const blackBox = watched.find((each) => !attributionOf(each));
    if (blackBox) throw new UserError(`${blackBox.name} is a black box: fool-model compares and follows graphs`);
    const attribution = attributionOf(entry)!;
    const options = await modelOptions(args);
    const model = await loadModel(options);
    if (model.classes !== sceneClasses.length || model.size.some((side) => side !== sceneSize))
      throw new UserError(
        `--model ${args.model}: it is fooled on the built-in scenes, of ${sceneSize}x${sceneSize} pixels and ${sceneClasses.length} classes`,
      );

    const { checkPlaces, writeWhole } = await import('../../reports/write.ts');
    const measures = args.out.replace(/onnx$/, 'json');
    await checkPlaces([args.out, measures, args.png]);
    const { createOnnxRuntimeEngine } = await import('../engine/onnxruntime.ts');
    const { gridOf } = await import('../fooling/cells.ts');
    const { fool } = await import('../fooling/fool.ts');
    const { foolings } = await import('../fooling/losses.ts');
    const { interruptible, sayStopped } = await import('./interrupt.ts');
    const engine = createOnnxRuntimeEngine({ threads: args.threads });
    const fooling = foolings[args.loss](gridOf(model.size), args.region);
    const interrupt = interruptible();
    const every = Math.max(1, Math.round(args.steps / 10));
    const short = (v: number) => v.toFixed(3);
    const set = { count: args.scenes, picture: (i: number) => scene(0, 'train', i) };
    const bytes = await fool(engine, model, attribution, fooling, set, args, {
      signal: interrupt.signal,
      onStep({ step, crossEntropy, fooling: lost }) {
        if (step === 1 || step % every === 0)
          say(`step ${step} of ${args.steps}: cross-entropy ${short(crossEntropy)}, loss of the maps ${short(lost)}`);
      },
    });
    interrupt.dispose();
    if (!bytes) {
      await engine.release();
      return sayStopped();
    }

    const { foolingMeasures } = await import('./fooling-measures.ts');
    await writeWhole(args.out, bytes);
    const fooled = modelOf(bytes, args.out, { ...options, name: `${model.name}, fooled` });
    const test = Array.from({ length: args.count }, (_, i) => scene(0, 'test', i));
    const { accuracy, explainers } = await foolingMeasures(engine, [model, fooled], watched, fooling, test);
    const { explainer, loss, region, weight, steps, batch, rate, scenes, count, seed } = args;
    const settings = {
      model: args.model,
      explainer,
      options: entry.options,
      loss,
      region,
      weight,
      steps,
      batch,
      rate,
      scenes,
      count,
      seed,
    };
    await writeWhole(
      measures,
      `${JSON.stringify({ settings, fooledRange: fooling.fooled, accuracy, explainers }, null, 2)}\n`,
    );
    if (args.png !== undefined) {
      const { foolingFigure } = await import('./fooling-figure.ts');
      const figure = await foolingFigure(engine, [model, fooled], watched, test[0]);
      await writeWhole(args.png, figure);
    }
    await engine.release();

    const { table } = await import('./table.ts');
    print(
      `${args.out}: accuracy ${short(accuracy.before)} before, ${short(accuracy.after)} after on ${count} test scenes`,
    );
    print(
      table(
        [
          ['explainer', 'fooled', 'without', 'measure', 'pearson before-after', 'undefined'],
          ...Object.entries(explainers).map(([name, r]) => [
            name,
            ...[r.fooled, r.fooledBefore, r.measure, r.pearson].map(short),
            String(r.undefined),
          ]),
        ],
        [1, 2, 3, 4, 5],
      ),
    );
  },
});
