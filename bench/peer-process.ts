import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Python script of bench/peers/ that is given one job a line and answers each with milliseconds, `null` where it cannot. */
export interface Peer {
  /** Milliseconds; NaN where the peer cannot. */
  time(job: string): Promise<number>;
  end(): void;
}

/** Starts a peer: a script of bench/peers/ on a model. */
export function startPeer(python: string, script: string, model: string): Peer {
  const file = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const peer = spawn(python, [file, model], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  return {
    async time(job) {
      peer.stdin.write(`${job}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the peer ended before it was asked to');
      return value === 'null' ? NaN : Number(value);
    },
    end: () => peer.stdin.end(),
  };
}
