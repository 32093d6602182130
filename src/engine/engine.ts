import type { Node } from '../graph/index.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { Copies } from './copies.ts';

export type { Copies } from './copies.ts';

/** Named tensors that go into a program or come out of it. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A value that stays where an engine computes; programs of that engine are fed with it as often as one likes, until it is disposed of. */
export interface Kept {
  readonly shape: readonly number[];
  /** Brings it to the host. */
  read(): Promise<Tensor>;
  /** Frees it; at the second call nothing happens. */
  dispose(): void;
}

/** Named values that stay where an engine computes. */
export type State = Readonly<Record<string, Kept>>;

/** What a run is fed, from the host or from where the engine computes. */
export type Feeds = Readonly<Record<string, Tensor | Kept>>;

/** Named outputs of one graph. */
export type Outputs = Readonly<Record<string, Node>>;

/** A compiled graph. Feeds and results go by name; booleans and integers travel as numbers in float32 tensors. */
export interface Program {
  /** Names of the inputs that `run` wants. */
  readonly inputs: readonly string[];
  /**
   * Runs on one batch. Where all outputs keep the batch axis, the batch is cut into the micro-batches that the engine runs fastest.
   * Throws UserError when a feed is missing or has the wrong shape.
   */
  run(feeds: Feeds): Promise<Tensors>;
  /** Frees what the program holds; the next `run` compiles again. */
  release(): Promise<void>;
}

/** A program of which some outputs stay where the engine computes, to go round. Whoever holds a state disposes of it. */
export interface Stepper extends Pick<Program, 'inputs' | 'release'> {
  /** Puts values of a batch where the engine computes, cut as the program cuts batches. */
  hold(values: Tensors): Promise<State>;
  /** As that of a program; its feeds stay. */
  run(feeds: Feeds): Promise<{ readonly results: Tensors; readonly state: State }>;
}

/** Turns graphs into programs. The same graph on two engines gives the same numbers up to rounding. */
export interface Engine {
  readonly name: string;
  /** Where it runs: cpu, cuda, wasm, ... */
  readonly device: string;
  /** Whether it computes on the processor, and not on a graphics card or the like. */
  readonly onProcessor: boolean;
  /** Named outputs of one graph become one program. Cheap: the work is done at the first run. */
  compile(outputs: Outputs): Program;
  /** The same, `state` staying where the engine computes. */
  compileStep(results: Outputs, state: Outputs): Stepper;
  /** What went between the host and the device up to now. */
  copies(): Copies;
  /** The version of what computes, for `doctor` and run.json. */
  describe(): Promise<{ readonly version: string }>;
  /** Frees all programs. */
  release(): Promise<void>;
}
