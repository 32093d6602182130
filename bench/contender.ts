import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a contender says of one run. */
export interface Answer {
  /** Milliseconds by the clock on the wall, and by that of the processor, threads added up. */
  readonly wall: number;
  readonly processor: number;
  /** Floating-point operations of convolutions and matrix products, in thousand millions; we only. */
  readonly gflop?: number;
  /** The largest resident memory of the process up to now, MiB. */
  readonly memory: number;
  /** Bytes that went between host and device, both ways; we only. */
  readonly copies?: number;
}

/** A process that makes one job on one model ready and runs it when asked to. */
export interface Contender {
  /** The library and its version. */
  readonly name: string;
  /** Runs `job`, `forward` or, ours, `peak`; undefined where it cannot. */
  ask(what: 'job' | 'forward' | 'peak'): Promise<Answer | undefined>;
  end(): void;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Starts a contender in a process of its own: ours, or PyTorch's by an interpreter. While it waits for its turn its threads must not spin,
 * or they would take the cores from the others. Returns when it has made the model.
 */
export async function startContender(python: string | undefined, args: readonly string[]): Promise<Contender> {
  const [program, script] =
    python === undefined ? [process.execPath, ['--import', 'tsx', here('ours.ts')]] : [python, [here('peers/peer.py')]];
  const child = spawn(program, [...script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function say(line: string): Promise<unknown> {
    child.stdin.write(`${line}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`${program} ended before it was asked to`);
    return JSON.parse(value as string);
  }
  const { name } = (await say('hello')) as { name: string };
  return {
    name,
    ask: async (what) => ((await say(what)) ?? undefined) as Answer | undefined,
    end: () => child.stdin.end(),
  };
}
