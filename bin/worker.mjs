/** A worker process of an experiment; see src/experiment/workers. */
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

const source = new URL('../src/experiment/workers/serve.ts', import.meta.url);
const clone = existsSync(source);
if (clone) (await import('tsx/esm/api')).register();
const { serve } = await import(clone ? source : new URL('../dist/src/experiment/workers/serve.js', import.meta.url));
serve();
