/** Cuts a long text to `width` characters, an ellipsis in place of what is lost. */
export const shorten = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** Breaks a long name into at most two lines of about `width` characters, at a blank or punctuation where it can. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const end = Math.max(...[...' -_,(:/'].map((mark) => text.lastIndexOf(mark, width - 1))) + 1;
  const at = end > width / 3 ? end : width;
  return [text.slice(0, at).trimEnd(), shorten(text.slice(at).trimStart(), width)];
}
