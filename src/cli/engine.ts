import { engineNames, isEngineName } from '../engine/select.ts';
import { UserError } from '../numeric/errors.ts';

/** The option `--engine` of commands that run a model. */
export const engineOption = {
  type: 'string',
  requiresArg: true,
  describe: 'what computes: ort, tfjs:wasm, ...; see doctor',
  defaultDescription: 'that of the config, else ort',
  coerce(name?: string) {
    if (name !== undefined && !isEngineName(name))
      throw new UserError(`--engine ${name}: expected one of ${engineNames.join(', ')}`);
    return name;
  },
} as const;
