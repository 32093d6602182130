import { defineCommand, print, say } from './command.ts';
import { countOption, optionalCount, seedOption } from './number-options.ts';

/** Where an option of the training is not given. */
const usually = 'as for the net of the package';

/** Scenes on which the finished net is measured. */
const testScenes = 2000;

/** `train`: makes a net of the zoo from nothing. */
export const train = defineCommand({
  builder: (yargs) =>
    yargs.options({
      net: {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'scenes-vgg, scenes-resnet or scenes-vit, or a variant such as scenes-vgg-13-gelu',
      },
      activation: { type: 'string', requiresArg: true, describe: 'leaky-relu, elu, gelu, silu or softplus; else ReLU' },
      depth: { type: 'number', requiresArg: true, describe: 'layers with weights: vgg 5, 9 or 13, resnet 8, 14 or 20' },
      seed: seedOption('seed of the initial weights and of the order of the scenes'),
      epochs: optionalCount('epochs', 'passes over the scenes', usually),
      scenes: optionalCount('scenes', 'number of scenes to train on', usually),
      rate: { type: 'number', requiresArg: true, describe: 'highest learning rate', defaultDescription: usually },
      threads: countOption('threads', 'threads; another number gives slightly other weights', 2),
      out: { type: 'string', default: 'zoo', requiresArg: true, describe: 'folder of the ONNX file and index.json' },
    }),
  async handler({ seed, threads, out, ...given }) {
    const { UserError } = await import('../numeric/errors.ts');
    const { findArchitecture, variantName } = await import('../train/architectures.ts');
    const { trainingOf } = await import('../train/zoo-plan.ts');
    const net = variantName(given.net, given.depth, given.activation);
    const usual = trainingOf(net);
    const { epochs = usual.epochs, scenes = usual.scenes } = given;
    const architecture = findArchitecture(net);
    const { convolutionalRecipe } = await import('../train/recipe.ts');
    const recipe = architecture.recipe ?? convolutionalRecipe;
    const { rate = usual.rate ?? recipe.rate } = given;
    if (!(rate > 0)) throw new UserError('--rate: expected a positive number');

    const { checkPlaces } = await import('../../reports/write.ts');
    const { join } = await import('node:path');
    const file = `${net}.onnx`;
    await checkPlaces([join(out, file), join(out, 'index.json')]);
    const { createOnnxRuntimeEngine } = await import('../engine/onnxruntime.ts');
    const { paintTrainingSet } = await import('../train/training-set.ts');
    const trainer = await import('../train/trainer.ts');
    const { trainingView } = await import('./training-view.ts');
    const { interruptible, sayStopped } = await import('./interrupt.ts');
    const engine = createOnnxRuntimeEngine({ threads });
    say(`painting ${scenes} scenes`);
    const set = paintTrainingSet(scenes);
    const view = trainingView();
    const interrupt = interruptible();
    const settings = { ...recipe, rate, seed, epochs };
    const hooks = { onStep: view.show, signal: interrupt.signal };
    const state = await trainer.train(architecture, set, engine, settings, hooks);
    view.end();
    interrupt.dispose();
    if (!state) {
      await engine.release();
      return sayStopped();
    }

    const { exportNet } = await import('../train/export.ts');
    const { sceneAccuracy } = await import('../train/evaluate.ts');
    const { zooPreprocessing } = await import('../train/preprocessing.ts');
    const { wilsonInterval } = await import('../statistics/interval.ts');
    const { writeZooNet } = await import('../train/zoo-files.ts');
    const bytes = exportNet(architecture, state, set.size, set.classes.length);
    const accuracy = await sceneAccuracy(bytes, file, engine, testScenes);
    await engine.release();
    const { low, high } = wilsonInterval(Math.round(accuracy * testScenes), testScenes);
    const options = { net, seed, epochs, scenes, rate, threads };
    const command = `npm run train -- ${Object.entries(options)
      .map(([name, v]) => `--${name} ${v}`)
      .join(' ')}`;
    await writeZooNet(out, net, bytes, {
      file,
      preprocessing: zooPreprocessing,
      classes: set.classes,
      accuracy,
      interval: [low!, high!],
      bytes: bytes.length,
      command,
      seed,
    });
    const percent = (v: number) => (100 * v).toFixed(2);
    const interval = `95 % interval ${percent(low!)} to ${percent(high!)} %`;
    print(`${out}/${file}: accuracy ${percent(accuracy)} % on ${testScenes} test scenes, ${interval}`);
    say(`${Math.round(process.cpuUsage().user / 1e6)} s of CPU time, ${bytes.length} bytes`);
  },
});
