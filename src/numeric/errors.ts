/**
 * The user's mistake: bad usage, configuration or input. The command line prints its message without a stack trace
 * and ends with exit code 2. The message says what was wrong, where, and what to do.
 */
export class UserError extends Error {
  override name = 'UserError';
}

/** A value that cannot be computed for a good reason; the reason is recorded beside the empty cell. */
export class Undefined extends Error {
  override name = 'Undefined';
}
