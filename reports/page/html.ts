import { createHash } from 'node:crypto';
import type { PageAssets } from './bundle.ts';
import type { PageData } from './data.ts';
import { inlineJson } from './json.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c]);

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const jsonElement = (id: string, text: string) =>
  `<script type="application/json" id="${escapeHtml(id)}">${text}</script>`;

/** The page. Its policy forbids every request and every script but its own and those in `report/`. */
export function pageHtml(data: PageData, chunks: ReadonlyMap<string, string>, { script, style }: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'self' file:`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    'font-src data:',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(data.run?.name ?? 'Report')} · xai-gauntlet</title>
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The same numbers are in results.csv, summary.csv, pairwise.csv and ranks.csv beside it.</noscript>
${jsonElement('data', inlineJson(data))}
${[...chunks].map(([name, text]) => jsonElement(`chunk-${name}`, text)).join('\n')}
<script>${script}</script>
</body>
</html>
`;
}
