/** Markup that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

type Part = Html | readonly Html[] | string | number;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const markup = (part: Part): string => {
  if (typeof part === 'object') return 'html' in part ? part.html : part.map(({ html }) => html).join('');
  return String(part).replace(/[&<>"']/g, (sign) => escapes[sign]);
};

/** A piece of markup, in which texts and numbers are escaped and pieces of markup stay as they are. */
export const html = (texts: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: texts.reduce((whole, text, i) => whole + markup(parts[i - 1]) + text),
});
