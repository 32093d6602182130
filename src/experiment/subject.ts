import type { Dataset } from '../data/dataset.ts';
import { loadModel, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { datasetPath, isMapMetric, type Config, type DatasetEntry } from './config.ts';
import { placed } from './config/models.ts';

/** A model and a dataset opened at the size that the model wants. */
export interface Subject {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly entry: DatasetEntry;
}

/** Loads the models of a config and opens its datasets for each. Throws `UserError` where what a dataset provides is not enough. */
export async function openSubjects(config: Config): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const [m, options] of config.models.entries()) {
    const model = await placed(config.source.at(['models', m]), () => loadModel(options));
    for (const [d, entry] of config.datasets.entries()) {
      const path = datasetPath(config.source, d);
      const place = config.source.at(path);
      const context = { size: model.size, resolve: config.resolve };
      const dataset = await placed(place, () => entry.definition.open(entry.options, context), config.hint(path));
      if (dataset.ids.length === 0)
        throw new UserError(`${place}: the dataset "${entry.name}" has no samples; see its path, labels and list`);
      const seen = new Set<string>();
      const repeated = dataset.ids.find((id) => seen.size === seen.add(id).size);
      if (repeated !== undefined)
        throw new UserError(
          `${place}: the dataset "${entry.name}" names two samples "${repeated}"; results are told apart by these names`,
        );
      checkDataset(config, dataset, entry.name);
      subjects.push({ model, dataset, entry });
    }
  }
  return subjects;
}

function checkDataset(config: Config, { provides }: Dataset, name: string): void {
  config.metrics.forEach((metric, i) => {
    if (!isMapMetric(metric)) return;
    const missing = metric.definition.needs.find((need) =>
      need === 'mask-or-box' ? !provides.includes('mask') && !provides.includes('box') : !provides.includes(need),
    );
    if (missing)
      throw new UserError(
        `${config.source.at(['metrics', i])}: the metric "${metric.name}" needs a ${missing.replaceAll('-', ' ')}, but the dataset "${name}" does not provide one with every sample; leave the metric out or choose another dataset`,
      );
  });
  if (config.target === 'label' && !provides.includes('label'))
    throw new UserError(
      `${config.source.at(['target'])}: target "label" needs labels, but the dataset "${name}" does not provide one with every sample; use target "predicted"`,
    );
}
