import type { Node } from '../graph/index.ts';

/** A classifier of colour pictures as a graph. */
export interface Model {
  readonly name: string;
  /** The graph's input node `pixels`, `[N,3,H,W]` in [0,1]. */
  readonly pixels: Node;
  /** What the first layer gets: the pixels after preprocessing, `[N,3,H,W]`; the pixels themselves where there is none. */
  readonly input: Node;
  /** Class scores before any softmax, `[N,K]`. */
  readonly logits: Node;
  /** Layers by name, in topological order. */
  readonly layers: ReadonlyMap<string, Node>;
  /** Height and width of the pictures. */
  readonly size: readonly [number, number];
  /** K, the number of classes. */
  readonly classes: number;
  /** The classes' names. */
  readonly labels?: readonly string[];
  /** What was changed while reading, for a person to know. */
  readonly notes: readonly string[];
  /** SHA-256 of everything that determines the model: file, external data, preprocessing, size and output. */
  readonly hash: string;
}
