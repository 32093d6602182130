import { formatShape, type OpAttrs } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { sizeOf } from '../numeric/tensor.ts';

export type InputType = OpAttrs['input'];

/** A value to be fed; what lies on a device shows its shape only. */
interface Fed {
  readonly shape: readonly number[];
  readonly data?: Float32Array;
}

/** The batch size of the feeds (1 where no input has a batch axis). Throws UserError for a missing or misshapen feed. */
export function checkFeeds(inputs: readonly InputType[], feeds: Readonly<Record<string, Fed>>): number {
  let batch: number | undefined;
  for (const { name, shape } of inputs) {
    const fed = feeds[name];
    const wanted = `'${name}' ${formatShape(shape)}`;
    if (!fed) throw new UserError(`no value was given for the input ${wanted}`);
    const mismatch = () => new UserError(`the input ${wanted} got a value of shape ${formatShape(fed.shape)}`);
    if (fed.shape.length !== shape.length || (fed.data && fed.data.length !== sizeOf(fed.shape))) throw mismatch();
    shape.forEach((d, axis) => {
      if (d === 'N') {
        batch ??= fed.shape[axis];
        if (batch !== fed.shape[axis])
          throw new UserError(`the input ${wanted} has ${fed.shape[axis]} samples, others have ${batch}`);
      } else if (d !== fed.shape[axis]) throw mismatch();
    });
  }
  return batch ?? 1;
}
