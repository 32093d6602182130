import yargs from 'yargs';
import { packageVersion } from '../experiment/package.ts';
import { UserError } from '../numeric/errors.ts';
import { speak } from './command.ts';
import type { Entry } from './commands.ts';

/** Throws `UserError` for an option that is given several times and has one value. */
function onceEach(given: Readonly<Record<string, unknown>>, { array }: { readonly array?: readonly string[] }): true {
  const several = Object.keys(given).find(
    (name) => name !== '_' && Array.isArray(given[name]) && !array?.includes(name),
  );
  if (several !== undefined) throw new UserError(`--${several}: given more than once`);
  return true;
}

/** Throws `UserError` for an empty text, as of a variable that is not set: as a folder it would be the one at hand. */
function noneEmpty(given: Readonly<Record<string, unknown>>): true {
  const empty = Object.keys(given).find((name) => name !== '_' && [given[name]].flat().includes(''));
  if (empty !== undefined) throw new UserError(`${empty}: is empty; give a value, or leave it out`);
  return true;
}

/** Finds the command of a command line, reads its options and runs it. Throws `UserError` where they are not as they should be. */
export async function parse(args: readonly string[], commands: readonly Entry[], width: number): Promise<void> {
  const parser = yargs(args)
    .scriptName('xai-gauntlet')
    .usage('$0 <command>')
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .version(packageVersion)
    .alias({ h: 'help' })
    .wrap(width)
    .locale('en')
    .middleware(({ log }) => speak(log === 'json' ? 'json' : 'text'), true)
    .check(onceEach, true)
    .check(noneEmpty, true)
    .exitProcess(false)
    .fail((message, error) => {
      const entry = commands.find(({ usage }) => usage.split(' ')[0] === args[0]);
      const text = /^Not enough non-option/.test(message) && entry ? `expected ${entry.usage}` : message;
      throw error ?? new UserError(`${text.replace(/\s*\n\s*/g, ' ')}; see xai-gauntlet --help`);
    });
  for (const { usage, describe, load } of commands)
    parser.command(
      usage,
      describe,
      async (yargs) => (await load()).builder(yargs),
      async (given) => (await load()).handler(given),
    );
  await parser.parseAsync();
}
