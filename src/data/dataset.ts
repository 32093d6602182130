import type { z } from 'zod';
import type { Tensor } from '../numeric/tensor.ts';

/** A half-open rectangle in pixels: x0 <= x < x1, y0 <= y < y1. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** One picture with what is known of it, at the size that the model wants. */
export interface Sample {
  /** Unique within its dataset; stable between runs. */
  readonly id: string;
  /** `[3,H,W]`, RGB, pixel values in [0,1]. */
  readonly image: Tensor;
  readonly label?: number;
  /** `H*W` values, 1 on the object and 0 elsewhere. */
  readonly mask?: Uint8Array;
  readonly box?: Box;
  /** Hex SHA-256 of the content (image, label, mask, box). */
  readonly hash: string;
}

/** An ordered set of samples, loaded one by one. `load` throws `SampleError` for a sample that cannot be read. */
export interface Dataset {
  readonly name: string;
  /** Class names by label, where known. */
  readonly classes?: readonly string[];
  /** What every readable sample carries beside its image. */
  readonly provides: readonly ('label' | 'mask' | 'box')[];
  /** Names of the samples, no two alike. */
  readonly ids: readonly string[];
  load(index: number): Promise<Sample>;
}

/** A sample that cannot be read; it is reported and skipped, the run goes on. */
export class SampleError extends Error {
  override name = 'SampleError';
}

export interface OpenContext {
  /** Height and width that the model wants. */
  readonly size: readonly [height: number, width: number];
  /** Makes a path of the config absolute. */
  readonly resolve: (path: string) => string;
}

/** A kind of dataset: its options, and how it is opened. */
export interface DatasetDefinition<O = unknown> {
  readonly name: string;
  readonly title: string;
  readonly options: z.ZodType<O>;
  open(options: O, context: OpenContext): Promise<Dataset>;
}

/** Declares a kind of dataset: one name, a zod schema of options with defaults, and one function that opens it. */
export const defineDataset = <O>(definition: DatasetDefinition<O>): DatasetDefinition<O> => definition;
