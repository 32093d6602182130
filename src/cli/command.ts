import type { ArgumentsCamelCase, Argv } from 'yargs';

/** The options of a command, and what it does with them. */
export interface Command<U = unknown> {
  builder(yargs: Argv): Argv<U>;
  handler(args: ArgumentsCamelCase<U>): void | Promise<void>;
}

/** Declares a command, with the types of its arguments taken from its builder. */
export const defineCommand = <U>(command: Command<U>): Command => command as Command;

/** Writes a line to stdout, which carries results only. */
export const print = (line: string): void => console.log(line);

/** How messages are written. */
export type Log = 'text' | 'json';

let log: Log = 'text';

/** Chooses how messages are written from now on. */
export const speak = (chosen: Log): void => void (log = chosen);

/** Writes an event to stderr as a line of JSON. */
export const tell = (event: string, facts: object): void =>
  console.error(JSON.stringify({ time: new Date().toISOString(), event, ...facts }));

/** Writes a message to stderr, which carries all messages: as it is, or with `--log json` as an event. */
export const say = (text: string, event = 'message'): void =>
  log === 'json' ? tell(event, { text: text.trim() }) : console.error(text);

/** What failed outside of the program and its input, such as a full disk: one line says it, and the exit code is 1. */
export class Failure extends Error {
  override name = 'Failure';
}
