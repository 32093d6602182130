import { z } from 'zod';
import { isWhiteBox } from '../explainers/index.ts';
import { builtIn } from './definitions.ts';
import { zooNets } from './zoo.ts';

/** An option of a definition, from its schema. */
export interface OptionInfo {
  readonly name: string;
  readonly required: boolean;
  readonly default?: unknown;
  /** JSON Schema of its values. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What `list` says of one definition; `title` and `options` come with all kinds. */
export interface Item {
  readonly name: string;
  readonly title: string;
  readonly options: readonly OptionInfo[];
  readonly [detail: string]: unknown;
}

function optionsOf(schema: z.ZodType): OptionInfo[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return Object.entries(properties).map(([name, value]) => {
    const { default: preset, ...rest } = value as Record<string, unknown>;
    return { name, required: required.includes(name), default: preset, schema: rest };
  });
}

/** Everything that a config may name, derived from the definitions themselves. */
export const catalogue = {
  explainers: (): Item[] =>
    builtIn.explainers.map((explainer) => ({
      name: explainer.name,
      title: explainer.title,
      paper: explainer.paper,
      kind: isWhiteBox(explainer) ? 'white box' : 'black box',
      options: optionsOf(explainer.options),
    })),
  attacks: (): Item[] =>
    builtIn.attacks.map(({ name, title, paper, kind, options }) => ({
      name,
      title,
      paper,
      kind,
      options: optionsOf(options),
    })),
  metrics: (): Item[] =>
    builtIn.metrics.map((metric) => ({
      name: metric.name,
      title: metric.title,
      paper: metric.paper,
      kind: metric.kind,
      better: metric.better,
      // JSON has no infinity.
      range: metric.range.map((end) => (Number.isFinite(end) ? end : null)),
      needs: metric.kind === 'map' ? metric.needs : [],
      heatmap: metric.heatmap,
      options: optionsOf(metric.options),
    })),
  datasets: (): Item[] =>
    builtIn.datasets.map(({ name, title, options }) => ({ name, title, options: optionsOf(options) })),
  async zoo(): Promise<Item[]> {
    return Object.entries(await zooNets()).map(([name, { classes, accuracy, preprocessing }]) => ({
      name,
      title: [
        'net of the package',
        ...(classes ? [`${classes.length} classes`] : []),
        ...(accuracy === undefined ? [] : [`${(100 * accuracy).toFixed(2)} % right`]),
      ].join(', '),
      preprocessing,
      classes,
      options: [],
    }));
  },
} as const;
