import type { Config } from '../../experiment/config.ts';
import type { Plan } from '../../experiment/plan.ts';
import type { Progress, RunResult } from '../../experiment/run.ts';
import type { Share } from '../../experiment/share.ts';
import type { Subject } from '../../experiment/subject.ts';

/** What is about to be run. */
export interface RunStart {
  readonly config: Config;
  readonly plan: Plan;
  readonly subjects: readonly Subject[];
  readonly share: Share;
  readonly out: string;
}

/** Follows a run, for someone to see. */
export interface RunView {
  begin(start: RunStart): void;
  show(progress: Progress): void;
  /** After the reports; with no result but an error where one ended the run. */
  end(result?: RunResult, error?: unknown): void | Promise<void>;
}

/** Attacks that are not made on some explainers, and what the models' files left open, in words. */
export function notesOf({ plan, subjects }: RunStart): string[] {
  return [
    ...plan.leftOut.map(({ attack, explainer }) => `left out: ${attack.name} against ${explainer.name}, a black box`),
    ...[...new Set(subjects.map(({ model }) => model))].flatMap(({ name, notes }) =>
      notes.map((note) => `${name}: ${note}`),
    ),
  ];
}
