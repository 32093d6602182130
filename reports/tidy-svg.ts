const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * An SVG as the canvas writes it, made fit to be kept: a view box, so that it can be scaled; its title; names that do not count on from earlier
 * drawings; coordinates to a hundredth, which halves it.
 */
export function tidySvg(svg: string, title: string): string {
  const names = new Map<string, string>();
  for (const [, name] of svg.matchAll(/ id="([^"]+)"/g)) names.set(name, `part-${names.size}`);
  const words = title.replace(/[&<>]/g, (c) => escapes[c]);
  return svg
    .replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))))
    .replace(/( id="|#)(\w+_\w+)(?=[")])/g, (whole, before: string, name: string) => {
      return names.has(name) ? before + names.get(name) : whole;
    })
    .replace(/(<svg [^>]*width="([^"]+)" height="([^"]+)")[^>]*>/, (_, head: string, width: string, height: string) => {
      return `${head} viewBox="0 0 ${width} ${height}" role="img">\n\t<title>${words}</title>`;
    });
}
