/** Something in a file that the reader does not know; the message completes "Op 'name' ...". */
export class Unsupported extends Error {
  override name = 'Unsupported';
}
