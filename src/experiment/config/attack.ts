import { z } from 'zod';
import { isWhiteBox } from '../../explainers/index.ts';
import { UserError } from '../../numeric/errors.ts';
import type { Known } from '../plugins.ts';
import { check, type Place } from './check.ts';
import { readEntry, type AttackEntry, type ExplainerEntry } from './entries.ts';
import { didYouMean } from './suggest.ts';

const names = z.array(z.string(), { error: 'expected a list of explainers' }).min(1);

/**
 * Reads an attack. One `against: [names]` of explainers becomes an attack for each, called `attack@explainer`, whose pictures are scored
 * on all explainers. `surrogates: [names]` are the explainers whose gradients an attack uses that can.
 */
export function readAttack(
  value: unknown,
  place: Place,
  known: Known,
  explainers: readonly ExplainerEntry[],
): AttackEntry[] {
  const { rest, ...entry } = readEntry('attacks', value, place, known, ['against', 'surrogates']);
  if (entry.name === 'none')
    throw new UserError(
      `${place.source.at(place.path)}: "none" stands for the clean picture; give the attack another name`,
    );
  const fail = (key: string, message: string) => new UserError(`${place.source.atKey(place.path, key)}: ${message}`);
  /** The explainers of the config that a key names. */
  const named = (key: 'against' | 'surrogates') =>
    check(names, rest[key], { source: place.source, path: [...place.path, key] }).map((name) => {
      const found = explainers.find((explainer) => explainer.name === name);
      if (!found) {
        const own = explainers.map((explainer) => explainer.name);
        const hint = didYouMean(name, own) || ` (there are: ${own.join(', ')})`;
        throw fail(key, `no explainer of this config is called "${name}"${hint}`);
      }
      if (!isWhiteBox(found.definition)) throw fail(key, `${name} is a black box and has no gradient to follow`);
      return found;
    });
  if ('surrogates' in rest && !entry.definition.surrogates)
    throw fail('surrogates', `${entry.name} does not use the gradients of others; leave it out`);
  const attack = 'surrogates' in rest ? { ...entry, surrogates: named('surrogates') } : entry;
  if (!('against' in rest)) return [attack];
  if (entry.definition.kind !== 'explanation')
    throw fail('against', `${entry.name} does not look at explainers; leave it out`);
  return named('against').map((against) => ({ ...attack, name: `${entry.name}@${against.name}`, against }));
}
