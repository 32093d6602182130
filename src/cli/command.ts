import type { CommandModule } from 'yargs';

/** Declares a command, with the types of its arguments taken from its builder. */
export const defineCommand = <U>(command: CommandModule<object, U>): CommandModule<object, U> => command;

/** Writes a line to stdout, which carries results only. */
export const print = (line: string): void => console.log(line);

/** Writes a line to stderr, which carries all messages. */
export const say = (line: string): void => console.error(line);
