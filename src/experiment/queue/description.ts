import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { Engine } from '../../engine/engine.ts';
import { cellsOf } from '../cells.ts';
import type { Config, Recipe } from '../config.ts';
import type { Setting } from '../open-runner.ts';
import { packageVersion } from '../package.ts';
import type { Plan } from '../plan.ts';
import type { Description } from './coordinator.ts';

/** What must be the same in all processes of a run, by what it is. */
export type Facts = Readonly<Record<string, string>>;

/** What a worker is told of a run. */
export interface RunDescription extends Description {
  /** The config has its variables as written: they stand for what they are where the worker is. */
  readonly setting: Setting;
  readonly facts: Facts;
}

const version = 'xai-gauntlet';

const short = (parts: Iterable<string>): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\n`);
  return hash.digest('hex').slice(0, 12);
};

/** What this process makes of a config. */
export async function factsOf(config: Config, plan: Plan, engine: Engine): Promise<Facts> {
  const subjects = [...new Set(plan.units.map(({ subject }) => subject))];
  const named = [...config.datasets, ...config.explainers, ...config.attacks, ...config.metrics];
  return {
    [version]: packageVersion,
    [`engine ${engine.name}`]: (await engine.describe()).version,
    ...Object.fromEntries(subjects.map(({ model }) => [`model ${model.name}`, model.hash.slice(0, 12)])),
    ...Object.fromEntries(
      subjects.map(({ entry, dataset: { ids } }) => [`dataset ${entry.name}`, `${ids.length} samples, ${short(ids)}`]),
    ),
    ...Object.fromEntries(
      named.flatMap(({ name, origin }) => (origin === undefined ? [] : [[`plug-in of ${name}`, origin.slice(0, 12)]])),
    ),
    units: short(plan.units.flatMap((unit) => [unit.key, ...cellsOf(config, unit).map(({ key }) => key)])),
  };
}

/** What differs here from a run, in words; empty where nothing does. */
export const differences = (here: Facts, run: Facts): string =>
  Object.keys({ ...run, ...here })
    .filter((what) => here[what] !== run[what])
    .map((what) => `${what}: ${here[what] ?? 'none'} here, ${run[what] ?? 'none'} in the run`)
    .join('; ');

/** Whether another version describes itself: its config may be none that can be read here. */
export const versionDifference = (run: Facts): string =>
  differences({ [version]: packageVersion }, { [version]: run[version] });

/** A config in one piece, for another folder. Where units are computed is not the business of who computes them. */
export function portable({ source, recipe }: Config): Recipe {
  const rest = Object.entries(source.value as object).filter(([key]) => key !== 'executor');
  return { ...recipe, text: stringify(Object.fromEntries(rest)), file: basename(recipe.file) };
}
