import { say } from './command.ts';

/** The exit code of what Ctrl-C ended. */
export const stopped = 130;

/** Says that a command was stopped before it had anything to write, and sets the exit code. */
export function sayStopped(): void {
  say('stopped: nothing was written');
  process.exitCode = stopped;
}

/** A signal that the first Ctrl-C (or SIGTERM) aborts; the second one ends the process at once. */
export function interruptible(): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(stopped);
    controller.abort();
    say('\nstopping after the unit at work; once more stops at once');
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, stop);
    },
  };
}
