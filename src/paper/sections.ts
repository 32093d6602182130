import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { check } from '../experiment/config/check.ts';
import { parseSource } from '../experiment/config/source.ts';
import { packageRoot } from '../experiment/package.ts';

const claim = z.discriminatedUnion('kind', [
  z.strictObject({
    /** An explainer is better than each of some others, by the pairwise tests of each net. */
    kind: z.literal('ahead'),
    claim: z.string(),
    explainer: z.string(),
    metrics: z.array(z.string()).min(1),
    attack: z.string().default('none'),
    /** Rows that are no rivals. */
    except: z.array(z.string()).default([]),
  }),
  z.strictObject({
    /** Rows lie above another row, by the lower end of their interval, for each net. */
    kind: z.literal('above'),
    claim: z.string(),
    rows: z.array(z.string()).min(1),
    than: z.array(z.string()).min(1),
    metrics: z.array(z.string()).min(1),
  }),
  z.strictObject({
    /** A row has the same mean whatever the net, as far as intervals tell. */
    kind: z.literal('alike'),
    claim: z.string(),
    explainer: z.string(),
    metrics: z.array(z.string()).min(1),
  }),
]);

/** Something that the paper says, and which numbers of a run bear on it. */
export type Claim = z.output<typeof claim>;

export type ClaimOf<K extends Claim['kind']> = Extract<Claim, { kind: K }>;

const section = z.strictObject({
  /** Of `experiments/paper/<run>.yaml` and its twin `<run>-scenes.yaml`. */
  run: z.string(),
  title: z.string(),
  /** What the reader should know, in Markdown. */
  about: z.string(),
  /** A picture of the run to show, relative to its folder; by default the first in heatmaps/. */
  figure: z.strictObject({ file: z.string().optional(), says: z.string() }).optional(),
  /** Whether the tables of the run are shown. */
  tables: z.boolean().default(true),
  claims: z.array(claim).default([]),
});

/** One table or figure of the paper. */
export type Section = z.output<typeof section>;

/** Folder of the paper's configs. */
export const configFolder = join(packageRoot, 'experiments', 'paper');

/** The tables and figures of the paper, in order, from experiments/paper/page/sections.yaml. */
export async function readSections(): Promise<Section[]> {
  const file = join(configFolder, 'page', 'sections.yaml');
  const source = parseSource(await readFile(file, 'utf8'), file);
  return check(z.array(section), source.value, { source, path: [] });
}
