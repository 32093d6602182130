import { fromColumns } from '../columns.ts';
import type { PageData, ShownMetric, ShownPair, ShownRank, ShownSummary, Subject } from '../data.ts';
import type { State } from './state.ts';

/** What all sections draw from: the data with their tables opened, and what the reader chose. */
export interface Report extends Omit<PageData, 'summaries' | 'pairs' | 'ranks'> {
  readonly summaries: readonly ShownSummary[];
  readonly pairs: readonly ShownPair[];
  readonly ranks: readonly ShownRank[];
  readonly state: State;
}

export function openReport(data: PageData, state: State): Report {
  return {
    ...data,
    summaries: fromColumns(data.summaries),
    pairs: fromColumns(data.pairs),
    ranks: fromColumns(data.ranks),
    state,
  };
}

export const subjectName = ({ model, dataset }: Pick<Subject, 'model' | 'dataset'>): string => `${model} on ${dataset}`;

/** The chosen model and dataset. */
export const chosenSubject = ({ state, subjects }: Report): Subject =>
  subjects.find((subject) => subjectName(subject) === state.get('subject')) ?? subjects[0];

/** The chosen attack; `none`, the clean picture, unless chosen. */
export function chosenAttack({ state, attacks }: Report): string {
  const chosen = state.get('attack');
  return chosen !== undefined && attacks.includes(chosen) ? chosen : 'none';
}

/** The explainers that are not hidden. */
export const shownExplainers = ({ state, explainers }: Report): readonly string[] =>
  explainers.filter((explainer) => !state.all('hide').includes(explainer));

export const metricOf = ({ metrics }: Report, name: string): ShownMetric => metrics.find((m) => m.name === name)!;

/** Items of the chosen model and dataset whose explainer is shown. */
export function ofSubject<T extends { model: string; dataset: string; explainer: string }>(
  report: Report,
  items: readonly T[],
): T[] {
  const { model, dataset } = chosenSubject(report);
  const shown = new Set(shownExplainers(report));
  return items.filter((item) => item.model === model && item.dataset === dataset && shown.has(item.explainer));
}
