/** What one contender took for a job. */
export interface Timing {
  readonly name: string;
  /** Milliseconds, the best of all turns. */
  readonly ms: number;
  /** Times of its own forward pass, in turns with the job. */
  readonly multiple: number;
  /** The largest resident memory of its process, MiB, once the job had run and nothing else. */
  readonly memory: number;
}

/** A line that the bench prints: one job on one model. */
export interface Line {
  readonly model: string;
  readonly job: string;
  readonly processor: string;
  readonly threads: number;
  readonly clock: 'wall' | 'processor';
  readonly rounds: number;
  /** `share` is that of `peak` which the job reaches; `copies` are bytes between the memory of the host and the engine's, both ways. */
  readonly ours: Timing & { readonly gflop: number; readonly share: number; readonly copies: number };
  /** Thousand million floating-point operations a second in a large convolution through our engine, in turns with the rest. */
  readonly peak: number;
  /** `ratio` is their time over ours. Those that cannot are left out. */
  readonly peers: readonly (Timing & { readonly ratio: number })[];
}
