import yargs from 'yargs';
import { UserError } from '../numeric/errors.ts';
import { packageVersion } from '../experiment/package.ts';
import { Failure, say, speak } from './command.ts';
import { commands } from './commands.ts';

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
  const parser = yargs(args)
    .scriptName('xai-gauntlet')
    .usage('$0 <command>\n\nPuts explanation methods for image classifiers under attack and measures what survives.')
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .version(packageVersion)
    .alias({ h: 'help' })
    .wrap(Math.min(110, process.stderr.columns ?? 110))
    .locale('en')
    .middleware(({ log }) => speak(log === 'json' ? 'json' : 'text'), true)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UserError(`${message}; see xai-gauntlet --help`);
    });
  for (const command of commands) parser.command(command);
  try {
    await parser.parseAsync();
    return Number(process.exitCode ?? done);
  } catch (error) {
    const isMistake = error instanceof UserError || (error as Error).name === 'YError';
    const isKnown = isMistake || error instanceof Failure;
    say(isKnown ? (error as Error).message : ((error as Error).stack ?? String(error)), 'error');
    return isMistake ? mistake : failure;
  }
}
