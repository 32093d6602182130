import { UserError } from '../numeric/errors.ts';
import { packageVersion } from '../experiment/package.ts';
import { Failure, print, say, speak } from './command.ts';
import { commands } from './commands.ts';
import { fullDisk } from './disk.ts';
import { helpText } from './help.ts';

/** Exit codes: done; a failure; the user's mistake. */
const [done, failure, mistake] = [0, 1, 2];

/** Runs the command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  speak('text');
  // A reader that has seen enough, such as head, closes the pipe: no reason to complain.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(done);
  });
  const width = Math.min(110, process.stderr.columns ?? 110);
  try {
    if (args[0] === '--help' || args[0] === '-h') print(helpText(commands, width));
    else if (args[0] === '--version') print(packageVersion);
    else await (await import('./parse.ts')).parse(args, commands, width);
    return Number(process.exitCode ?? done);
  } catch (thrown) {
    const error = fullDisk(thrown);
    const isMistake = error instanceof UserError || (error as Error).name === 'YError';
    const isKnown = isMistake || error instanceof Failure;
    say(isKnown ? (error as Error).message : ((error as Error).stack ?? String(error)), 'error');
    return isMistake ? mistake : failure;
  }
}
