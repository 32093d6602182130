import { distinct } from '../distinct.ts';
import { isReference } from '../metric-info.ts';
import type { Cell } from './content.ts';
import { tableLayout, type TableLayout } from './layout.ts';

/** One table a (model, dataset) and attack: all explainers by all metrics, and after an attack the share of predictions kept. */
export const defaultLayouts = (cells: readonly Cell[]): TableLayout[] =>
  distinct(cells.map(({ attack }) => attack)).map((attack) => {
    const metrics = distinct(cells.filter((cell) => cell.attack === attack).map(({ metric }) => metric));
    const shown = metrics.filter((metric) =>
      metric.startsWith('attack:') ? metric === 'attack:prediction-kept' : !isReference(metric),
    );
    return tableLayout.parse({
      name: attack === 'none' ? 'clean' : attack,
      caption: attack === 'none' ? 'Clean pictures' : `After ${attack}`,
      columns: shown.map((metric) => ({ metric, attack })),
    });
  });
