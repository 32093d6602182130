import { z } from 'zod';
import { engineNames, isEngineName } from '../../engine/select.ts';

/** Names appear in results and as names of files. */
export const entryName = z
  .string()
  .regex(/^[\w][\w.+-]*$/, 'expected a name of letters, digits, ".", "_", "+" and "-"');

const channels = z.tuple([z.number(), z.number(), z.number()]);

const preprocessing = z.union(
  [z.enum(['imagenet', 'cifar10', 'none']), z.strictObject({ mean: channels, std: channels })],
  { error: 'expected imagenet, cifar10, none or {mean: [r, g, b], std: [r, g, b]}' },
);

const size = z.tuple([z.int().positive(), z.int().positive()]);

/** A net of the zoo. */
export const zooEntry = z.strictObject({ zoo: z.string(), name: entryName.optional() });

/** A model in an ONNX file. */
export const fileEntry = z.strictObject({
  file: z.string(),
  preprocessing,
  name: entryName.optional(),
  /** CSV `label,...,name` of the classes. */
  labels: z.string().optional(),
  /** Height and width, for files that leave them open. */
  size: size.optional(),
  /** Which output holds the class scores, for files with several. */
  output: z.string().optional(),
});

const someOf = (what: string) => z.array(z.unknown()).min(1, `expected at least one of the ${what}`);

/** The top of a config; what is in the lists is checked entry by entry, by the schema that the entry's name leads to. */
export const configSchema = z.strictObject({
  name: entryName,
  description: z.string().optional(),
  seed: z.int().default(0),
  expects: z.record(z.string(), z.string()).default({}),
  plugins: z.array(z.string()).default([]),
  engine: z
    .string()
    .refine(isEngineName, `expected one of ${engineNames.join(', ')}`)
    .optional(),
  executor: z
    .union([z.enum(['process', 'bullmq']), z.strictObject({ bullmq: z.strictObject({ url: z.string() }) })], {
      error: 'expected process, bullmq (which wants REDIS_URL) or { bullmq: { url: redis://HOST:6379/0 } }',
    })
    .optional(),
  models: someOf('models'),
  dataset: z.unknown().optional(),
  datasets: someOf('datasets').optional(),
  target: z.enum(['predicted', 'label']).default('predicted'),
  explainers: someOf('explainers'),
  attacks: z.array(z.unknown()).default([]),
  /** Samples attacked together. */
  attackBatch: z.int().positive().optional(),
  metrics: someOf('metrics'),
  heatmaps: z.int().nonnegative().default(3),
  /** Keeps the maps and attacked pictures of all samples, under artifacts/. */
  keep: z.literal('artifacts', { error: 'expected artifacts' }).optional(),
  tables: z.array(z.unknown()).optional(),
});
