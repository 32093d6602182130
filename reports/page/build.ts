import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.ts';

// Run by `npm run build`: leaves the page's script and style where `assets.ts` of the published package looks for them.
const { script, style } = await bundle();
await writeFile('dist/reports/page/client.js', script);
await writeFile('dist/reports/page/client.css', style);
