import type { LoadOptions, Preprocessing } from '../model/model.ts';

export const presets = ['imagenet', 'cifar10', 'none'] as const;

/** The options of commands that load a model which say how pictures are prepared for it. */
export const preprocessingOptions = {
  preset: { choices: presets, describe: 'preprocessing of the ONNX file' },
  mean: { type: 'number', array: true, describe: 'preprocessing by its own mean, three numbers' },
  std: { type: 'number', array: true, describe: 'and standard deviation' },
} as const;

interface ModelArguments {
  readonly model: string;
  readonly preset?: (typeof presets)[number];
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly labels?: string;
}

/** How to load the model that a command line names, `zoo:NAME` or an ONNX file. Throws `UserError` for a file without its preprocessing. */
export async function modelOptions(args: ModelArguments): Promise<LoadOptions> {
  const [, zoo] = /^zoo:(.+)$/.exec(args.model) ?? [];
  if (zoo !== undefined) {
    const given = (['preset', 'mean', 'std', 'labels'] as const).find((name) => args[name] !== undefined);
    if (given) {
      const { UserError } = await import('../numeric/errors.ts');
      throw new UserError(`--${given}: a net of the zoo brings its own; leave it out`);
    }
    return (await import('../experiment/zoo.ts')).zooModel(zoo);
  }
  const preprocessing = await preprocessingOf(args);
  const { readLabels } = await import('../experiment/labels.ts');
  const labels = args.labels === undefined ? undefined : await readLabels(args.labels);
  return { file: args.model, preprocessing, labels };
}

async function preprocessingOf({ model, preset, mean, std }: ModelArguments): Promise<Preprocessing> {
  const { UserError } = await import('../numeric/errors.ts');
  if (mean === undefined && std === undefined) {
    if (preset !== undefined) return preset;
    throw new UserError(
      `--preset: say how pictures are prepared for ${model}: ${presets.join(', ')}, or by --mean and --std`,
    );
  }
  if (preset !== undefined) throw new UserError('give --preset, or --mean and --std, not both');
  const three = (name: string, values: readonly number[] = []): readonly [number, number, number] => {
    const [r, g, b] = values;
    if (values.length !== 3 || !values.every(Number.isFinite) || (name === 'std' && !values.every((v) => v > 0)))
      throw new UserError(`--${name}: expected three numbers, as in --mean 0.5 0.5 0.5 --std 0.25 0.25 0.25`);
    return [r, g, b];
  };
  return { mean: three('mean', mean), std: three('std', std) };
}
