import { sizeOf, type Tensor } from '../numeric/tensor.ts';
import type { Kept } from './engine.ts';

/** What lies on a device of one micro-batch. */
export interface Part<D> {
  readonly shape: readonly number[];
  readonly value: D;
}

/** How the values of a device come and go. */
export interface Device<D> {
  upload(value: Tensor): Promise<D>;
  read(part: Part<D>): Promise<Tensor>;
  free(value: D): void;
  /** The value as it lies, where the device's memory is the host's. */
  inPlace?(value: D): Tensor;
}

/** The host's own memory, in which values stay as they are. */
export const hostMemory: Device<Tensor> = {
  upload: (value) => Promise.resolve(value),
  read: ({ value }) => Promise.resolve(value),
  free: () => undefined,
  inPlace: (value) => value,
};

/** Tensors of several samples each as one, along the first axis. */
export function joined(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0];
  const rest = parts[0].shape.slice(1);
  const samples = parts.reduce((n, { shape }) => n + shape[0], 0);
  const data = new Float32Array(samples * sizeOf(rest));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [samples, ...rest], data };
}

/** Where an engine knows its kept values from. */
export interface Shelf<D> {
  /** The micro-batches of a value become one that is kept. */
  put(parts: readonly Part<D>[]): Kept;
  /** What a kept value is to a program: a tensor where the device's memory is the host's. Throws for one that is not there. */
  take(kept: Kept): Tensor | readonly Part<D>[];
}

/** Makes an empty shelf. */
export function createShelf<D>(device: Device<D>): Shelf<D> {
  const held = new WeakMap<Kept, readonly Part<D>[]>();
  const partsOf = (kept: Kept): readonly Part<D>[] => {
    const parts = held.get(kept);
    if (!parts) throw new Error('a kept value was disposed of, or is that of another engine');
    return parts;
  };
  return {
    put(parts) {
      const [first, ...others] = parts.map(({ shape }) => shape);
      const shape = others.length === 0 ? first : [others.reduce((n, [m]) => n + m, first[0]), ...first.slice(1)];
      const kept: Kept = {
        shape,
        read: async () => joined(await Promise.all(partsOf(kept).map((part) => device.read(part)))),
        dispose() {
          for (const { value } of held.get(kept) ?? []) device.free(value);
          held.delete(kept);
        },
      };
      held.set(kept, parts);
      return kept;
    },
    take(kept) {
      const parts = partsOf(kept);
      return device.inPlace ? joined(parts.map(({ value }) => device.inPlace!(value))) : parts;
    },
  };
}
