import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

/** Runs the command line in this process, where nothing needs to be loaded again. */
export async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const text = (spy: typeof log) => spy.mock.calls.map(([line]) => `${line}\n`).join('');
  const listeners = process.stdout.listeners('error');
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  try {
    const code = await main(args);
    return { code, stdout: text(log), stderr: text(error) };
  } finally {
    process.exitCode = exitCode;
    // Each run adds one, for a process of its own.
    for (const added of process.stdout.listeners('error').slice(listeners.length))
      process.stdout.off('error', added as () => void);
    log.mockRestore();
    error.mockRestore();
  }
}
