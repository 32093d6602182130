import { UserError } from '../numeric/errors.ts';

/** What to tell someone who has not got a data set. */
export interface Origin {
  /** Its name and content. */
  readonly what: string;
  readonly source: string;
  readonly size: string;
  /** The layout that is looked for. */
  readonly layout: string;
}

/** The one message for data that are not where they were looked for. */
export const missing = (path: string, { what, source, size, layout }: Origin): UserError =>
  new UserError(
    [
      `${path}: not there`,
      `  wanted:     ${what}`,
      `  comes from: ${source}`,
      `  size:       ${size}`,
      `  put it:     ${layout}`,
    ].join('\n'),
  );
