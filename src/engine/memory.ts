import { availableParallelism, totalmem } from 'node:os';

/** Bytes that this process may use: the machine's, or what a container leaves it. */
const usable = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity);

/**
 * Bytes of compiled programs that an engine on the processor keeps: half of the memory in proportion to the processors it computes
 * on, for where it computes on few, others do on the rest; 1 GiB at least.
 */
export function programBytes(threads?: number, cores = availableParallelism(), memory = usable()): number {
  const share = Math.min(threads ?? cores, cores) / cores;
  return Math.max((share * memory) / 2, 2 ** 30);
}
