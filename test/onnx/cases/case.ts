import { step, type Sketch, type Step } from '../build.ts';

/** A hand-made model whose import must give what ONNX Runtime gives. */
export interface Case extends Sketch {
  readonly title: string;
  /** Range of the input's values. */
  readonly range?: readonly [number, number];
}

const pictures = ['n', 4, 6, 7];

/** A case of several steps on pictures `[n,4,6,7]`, unless said otherwise. */
export const steps = (title: string, list: readonly Step[], more: Partial<Case> = {}): Case => ({
  title,
  steps: list,
  shape: pictures,
  ...more,
});

/** A case of one operation. */
export const one = (
  title: string,
  op: string,
  inputs: Step['inputs'] = ['x'],
  attributes: Step['attributes'] = {},
  more: Partial<Case> = {},
): Case => steps(title, [step(op, inputs, attributes)], more);
