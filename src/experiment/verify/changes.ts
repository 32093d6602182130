import type { RunRecord } from '../../../reports/index.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Config } from '../config.ts';
import { environment } from '../run-record.ts';
import type { Subject } from '../subject.ts';

/** What about the machine and the program is not as it was when a run was made, in words. */
export async function unlikeness(record: RunRecord, engine: Engine): Promise<string[]> {
  const now = await environment(engine, record.engine.threads ?? 1);
  const before = { ...record, engine: record.engine };
  const words = ({ package: version, node, platform, engine: e }: typeof now) => ({
    'version of xai-gauntlet': version,
    Node: node,
    platform,
    engine: `${e.name}:${e.device} ${e.version}`,
  });
  const [was, is] = [Object.entries(words(before)), Object.values(words(now))];
  return was.flatMap(([what, value], i) => (value === is[i] ? [] : [`${what}: ${value} in the run, ${is[i]} now`]));
}

/** Models and plug-ins that are not those of a run, in words. */
export function changesOf(record: RunRecord, config: Config, subjects: readonly Subject[]): string[] {
  const models = subjects.flatMap(({ model, entry }) => {
    const was = record.subjects.find((s) => s.model.name === model.name && s.dataset.name === entry.name);
    return [
      ...(was && was.model.hash !== model.hash ? [`the model ${model.name} is another file than in the run`] : []),
      ...(was && was.dataset.plugin !== entry.origin ? [`the plug-in of the dataset ${entry.name} has changed`] : []),
    ];
  });
  const plugins = (['explainers', 'attacks', 'metrics'] as const).flatMap((kind) =>
    config[kind].flatMap(({ name, origin }) => {
      const was = record.config[kind].find((entry) => entry.name === name);
      return was && was.plugin !== origin ? [`the plug-in of ${name} has changed`] : [];
    }),
  );
  return [...new Set([...models, ...plugins])];
}
