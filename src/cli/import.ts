import { defineCommand, print, say } from './command.ts';
import { presets } from './model-options.ts';
import { countOption } from './number-options.ts';

/** `import`: whether an ONNX file can be explained, and what to put into a config for it. */
export const importModel = defineCommand({
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'ONNX file of an image classifier' })
      .options({
        data: { type: 'string', requiresArg: true, describe: 'folder of labelled pictures, with labels.csv' },
        limit: countOption('limit', 'number of pictures to try', 32),
        preset: { choices: presets, describe: 'preprocessing to check against the others' },
        labels: { type: 'string', requiresArg: true, describe: 'CSV label,name of the classes' },
        fit: {
          choices: ['crop', 'squash', 'exact'] as const,
          default: 'crop' as const,
          describe: 'how pictures are brought to the size of the model',
        },
        size: { type: 'number', array: true, describe: 'height and width, for files that leave them open' },
        output: { type: 'string', requiresArg: true, describe: 'output that holds the class scores' },
      }),
  async handler({ file, labels, preset, size, ...rest }) {
    const { stringify } = await import('yaml');
    const { UserError } = await import('../numeric/errors.ts');
    const { readLabels } = await import('../experiment/labels.ts');
    const { checkModel } = await import('../experiment/model-check.ts');
    const { table } = await import('./table.ts');
    const [height, width = height, ...more] = size ?? [];
    if (size && (more.length > 0 || ![height, width].every((v) => Number.isInteger(v) && v > 0)))
      throw new UserError('--size: expected height and width, as in --size 224 224');
    const { findings, preprocessing, usable } = await checkModel({
      ...rest,
      file,
      size: size && [height, width],
      labels: labels === undefined ? undefined : await readLabels(labels),
      preprocessing: preset,
    });
    say(table(findings.map(({ state, side, detail }) => [state === 'off' ? 'OFF' : state, side, detail])));
    if (usable) {
      const entry = {
        file,
        preprocessing: preprocessing ?? 'imagenet',
        labels,
        size: size && [height, width],
        output: rest.output,
      };
      const known = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
      if (preprocessing === undefined) print('# preprocessing was not checked');
      print(stringify({ models: [known] }, { flowCollectionPadding: true }).trimEnd());
    }
    if (findings.some(({ state }) => state === 'off')) process.exitCode = 2;
  },
});
