import { z } from 'zod';
import { UserError } from '../../numeric/errors.ts';
import type { Path, Source } from './source.ts';
import { didYouMean } from './suggest.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** The keys that a schema knows at a path, where it can be said. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let place: JsonSchema | undefined = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  for (const key of path) place = typeof key === 'number' ? place?.items : place?.properties?.[String(key)];
  return Object.keys(place?.properties ?? {});
}

/** What stands at a path of a value; undefined where nothing does. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** `attacks[1].steps`; empty for the whole config. */
const pathText = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const yamlWords = { object: 'a mapping', array: 'a list', string: 'text', null: 'nothing', undefined: 'nothing' };

/** The words of YAML in place of those of JavaScript. */
const inYaml = (text: string): string =>
  text.replace(/\b(object|array|string|null|undefined)\b/g, (word) => yamlWords[word as keyof typeof yamlWords]);

/** Where a value of a config stands. */
export interface Place {
  readonly source: Source;
  readonly path: Path;
}

/**
 * Checks a value of the config against a schema and returns it with its defaults. Throws `UserError` with one line a mistake: the place, what was
 * expected, and the nearest known key for an unknown one. `others` are keys that the value may have beside those of the schema.
 */
export function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { source, path }: Place,
  others: readonly string[] = [],
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap((issue): string[] => {
    const here = [...path, ...issue.path];
    const message = inYaml(issue.message.replace(/^Invalid (input|option): /, ''));
    if (issue.code === 'unrecognized_keys') {
      const known = [...keysAt(schema, issue.path), ...(issue.path.length === 0 ? others : [])];
      const choice = known.length > 0 ? ` (there are: ${known.join(', ')})` : ' (it takes no options)';
      return issue.keys.map(
        (key) => `${source.atKey(here, key)}: unknown key "${key}"${didYouMean(key, known) || choice}`,
      );
    }
    if (issue.path.length > 0 && valueAt(value, issue.path) === undefined) {
      const expected = issue.code === 'invalid_type' ? inYaml(issue.expected) : message;
      return [`${source.at(here)}: missing key "${pathText(here)}" (${expected})`];
    }
    return [`${source.at(here)}: ${pathText(here) || 'the config'}: ${message}`];
  });
  throw new UserError(lines.join('\n'));
}
