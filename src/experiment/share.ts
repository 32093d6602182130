import { availableParallelism } from 'node:os';
import { workOf, type Model } from '../model/model.ts';

/** How a run uses the processors of a machine. */
export interface Share {
  /** Processes of this machine that the run starts; none where others compute. */
  readonly workers: number;
  /** Threads of one operator, in each process. */
  readonly threads: number;
}

/** Multiplications of a forward pass from which on threads share an operator better than processes share the samples. */
const large = 1e9;
/** Beyond these, an operator of a large net gains less by a thread than a process does. */
const threadsOfLarge = 4;

/**
 * Shares the processors: one process a core for small nets, whose operators are too short to be shared; for large ones, processes of a few threads.
 * What is given stays. The number of threads looks at the models first, so that for small nets results are the same on all machines.
 */
export function shareOut(models: readonly Model[], given: Partial<Share> = {}, cores = availableParallelism()): Share {
  const isLarge = models.some((model) => workOf(model) >= large);
  const threads = given.threads ?? (isLarge ? Math.min(cores, threadsOfLarge) : 1);
  return { threads, workers: given.workers ?? Math.max(1, Math.floor(cores / threads)) };
}
