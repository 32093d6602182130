#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

const source = new URL('../src/cli/main.ts', import.meta.url);
const clone = existsSync(source);
if (clone) (await import('tsx/esm/api')).register();
const { main } = await import(clone ? source : new URL('../dist/src/cli/main.js', import.meta.url));
process.exitCode = await main(process.argv.slice(2));
