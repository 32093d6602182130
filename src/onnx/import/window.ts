import { fixed, type Node, type Pads, type Pair } from '../../graph/index.ts';
import { intsAttr, stringAttr, type Call } from './call.ts';
import { Unsupported } from './unsupported.ts';

/** How a window slides over a picture. */
export interface Window {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly pads: Pads;
  readonly dilations: Pair;
}

/** Throws Unsupported for anything but pictures `[N,C,H,W]`. */
export function expectPictures(x: Node): void {
  if (x.shape.length !== 4)
    throw new Unsupported(`works on ${x.shape.length - 2} spatial axes; only pictures [N,C,H,W] are read`);
}

const pair = (values: readonly number[]): Pair => [values[0], values[1]];

/** Reads strides, dilations and padding of a convolution or pooling of x. */
export function windowOf(call: Call, x: Node, kernelShape: readonly number[] | undefined): Window {
  expectPictures(x);
  if (!kernelShape) throw new Unsupported('lacks its kernel_shape');
  const kernel = pair(kernelShape);
  const strides = pair(intsAttr(call, 'strides') ?? [1, 1]);
  const dilations = pair(intsAttr(call, 'dilations') ?? [1, 1]);
  return { kernel, strides, dilations, pads: padsOf(call, x, kernel, strides, dilations) };
}

function padsOf(call: Call, x: Node, kernel: Pair, strides: Pair, dilations: Pair): Pads {
  const mode = stringAttr(call, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return [0, 0, 0, 0];
  if (mode === 'NOTSET') {
    const [top, left, bottom, right] = intsAttr(call, 'pads') ?? [0, 0, 0, 0];
    return [top, left, bottom, right];
  }
  const [vertical, horizontal] = ([0, 1] as const).map((a) => {
    const size = fixed(x.shape[a + 2], 'the picture size');
    const count = Math.ceil(size / strides[a]);
    return split((count - 1) * strides[a] + (kernel[a] - 1) * dilations[a] + 1 - size, mode);
  });
  return [vertical[0], horizontal[0], vertical[1], horizontal[1]];
}

/** Shares padding between both ends; the odd pixel goes to the end for SAME_UPPER, to the start for SAME_LOWER. */
export function split(total: number, mode: string): Pair {
  const amount = Math.max(total, 0);
  const small = Math.floor(amount / 2);
  if (mode === 'SAME_UPPER') return [small, amount - small];
  if (mode === 'SAME_LOWER') return [amount - small, small];
  throw new Unsupported(`has auto_pad = '${mode}'`);
}
