import type { Node } from '../graph/index.ts';
import type { Tensor } from '../numeric/tensor.ts';

/** Named tensors that go into a program or come out of it. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A compiled graph. Feeds and results go by name; booleans and integers travel as numbers in float32 tensors. */
export interface Program {
  /** Names of the inputs that `run` wants. */
  readonly inputs: readonly string[];
  /**
   * Runs on one batch. Where all outputs keep the batch axis, the batch is cut into the micro-batches that the engine runs fastest.
   * Throws UserError when a feed is missing or has the wrong shape.
   */
  run(feeds: Tensors): Promise<Tensors>;
  /** Frees what the program holds; the next `run` compiles again. */
  release(): Promise<void>;
}

/** Turns graphs into programs. The same graph on two engines gives the same numbers up to rounding. */
export interface Engine {
  readonly name: string;
  /** Where it runs: cpu, cuda, wasm, ... */
  readonly device: string;
  /** Named outputs of one graph become one program. Cheap: the work is done at the first run. */
  compile(outputs: Readonly<Record<string, Node>>): Program;
  /** The version of what computes, for `doctor` and run.json. */
  describe(): Promise<{ readonly version: string }>;
  /** Frees all programs. */
  release(): Promise<void>;
}
