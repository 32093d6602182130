import { tableFiles } from '../../reports/tables/index.ts';
import { findingOf } from './claims/index.ts';
import type { Described, PaperRun } from './record.ts';
import type { Section } from './sections.ts';

/** A section with its results; absent where they have not been computed. */
export interface Part {
  readonly section: Section;
  /** Config that was run, as the reader types it. */
  readonly config: string;
  readonly run?: PaperRun;
  /** Path of the figure from the page. */
  readonly figure?: string;
}

const markdownTable = ([head, ...body]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Nets, pictures, and the options of what was run on them. */
function howMade({ facts }: PaperRun): string {
  const { subjects, config, skipped } = facts;
  const nets = subjects.map(({ model }) => model.name);
  const samples = [...new Set(subjects.map((subject) => subject.samples))].join(' to ');
  const data = [...new Set(subjects.map(({ dataset }) => dataset.name))].join(', ');
  const described = (what: string, entries: readonly Described[] = []) => {
    const texts = entries.flatMap(({ name, options = {} }) => {
      const chosen = Object.entries(options).filter(([, value]) => ['number', 'string'].includes(typeof value));
      return chosen.length === 0
        ? []
        : [`${name} (${chosen.map(([key, value]) => `${key} ${String(value)}`).join(', ')})`];
    });
    return texts.length === 0 ? [] : [`${what}: ${texts.join('; ')}.`];
  };
  return [
    `Nets: ${nets.join(', ')}. Pictures: ${samples} of ${data}. Seed ${config.seed}.`,
    ...described('Attacks', config.attacks),
    ...described('Explainers with options', config.explainers),
    ...described('Metrics with options', config.metrics),
    ...(skipped.length > 0 ? [`Skipped: ${skipped.length} pictures.`] : []),
  ].join(' ');
}

function sectionText({ section, config, run, figure }: Part): string[] {
  const { title, about, claims } = section;
  const head = [`## ${title}`, about.trim(), `\`npm run experiment -- --config ${config}\``];
  if (!run) return [...head, 'Not run yet: `npm run paper` does it.'];
  const found = claims.flatMap((claim) => {
    const { sentence, table } = findingOf(run, claim);
    return [`**${claim.claim}**: ${sentence}`, ...(table.length > 1 ? [markdownTable(table)] : [])];
  });
  const tables = section.tables ? tableFiles(run, run.tables, ['md']).map(({ text }) => text.trim()) : [];
  const picture = figure === undefined ? [] : [`![${section.figure!.says}](${figure})`];
  return [...head, howMade(run), ...found, ...tables, ...picture];
}

/** The page on how the paper's tables come out: Markdown, made from results alone, so that the same results give the same text. */
export function pageText(parts: readonly Part[], command: string): string {
  const summary = parts.flatMap(({ section, run }) =>
    section.claims.map((claim) => [
      claim.claim,
      run ? findingOf(run, claim).sentence.split('. ')[0].replace(/[.]$/, '') : 'not run',
      section.title,
    ]),
  );
  return [
    "# The paper's tables",
    `Written by \`${command}\` from the results in the folder beside it; do not edit it by hand. What is asked of each table, and which numbers bear on a claim, stands in \`experiments/paper/page/sections.yaml\`.`,
    markdownTable([['Claim', 'Here', 'Where'], ...summary]),
    ...parts.flatMap(sectionText),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
