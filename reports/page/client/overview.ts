import { groupBy } from '../../group-by.ts';
import { splitAttack } from '../../transfer.ts';
import type { Described } from '../run-record.ts';
import { h } from './dom.ts';
import { counted, formatSeconds } from './format.ts';
import { optionsText } from './option-text.ts';
import type { Report } from './report.ts';

/** An attack that was found on several explainers is said once. */
function onceForAll(attacks: readonly Described[]): Described[] {
  return groupBy(attacks, ({ name }) => splitAttack(name).attack).map((group) => {
    const found = group.flatMap(({ name }) => splitAttack(name).against ?? []);
    const { attack } = splitAttack(group[0].name);
    return { ...group[0], name: found.length > 0 ? `${attack}, found on ${found.join(', ')}` : attack };
  });
}

function list(items: readonly Described[]): HTMLElement {
  return h(
    'ul',
    {},
    ...items.map(({ name, use, options, plugin }) => {
      const kind = name === use || name.startsWith(`${use}, `) ? '' : use;
      const details = [kind, optionsText(options), plugin && 'a plug-in'].filter(Boolean).join('; ');
      return h('li', {}, h('b', {}, name), details && h('span', { class: 'quiet' }, ` ${details}`));
    }),
  );
}

const facts = (entries: readonly (readonly [string, Node | string])[]) =>
  h('dl', {}, ...entries.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)]));

function skippedTable({ skipped, setAside = [], leftOut }: NonNullable<Report['run']>): HTMLElement {
  if (skipped.length + setAside.length + leftOut.length === 0)
    return h('p', {}, 'Nothing was skipped, set aside or left out.');
  return h(
    'ul',
    {},
    ...leftOut.map(({ attack, explainer }) =>
      h(
        'li',
        {},
        h('b', {}, `${attack} against ${explainer}`),
        ' was left out: the explainer is a black box, which has no gradient',
      ),
    ),
    ...skipped.map(({ dataset, sample, reason }) =>
      h('li', {}, h('b', {}, `${sample} of ${dataset}`), ` was skipped: ${reason}`),
    ),
    ...setAside.map(({ model, dataset, sample, units, reason }) =>
      h(
        'li',
        {},
        h('b', {}, `${sample} of ${dataset}`),
        `, ${counted(units, 'unit')} with ${model}, was set aside: ${reason}; the same command tries it again`,
      ),
    ),
  );
}

/** What was run, when, with what, and what was not. */
export function overview({ run, subjects, explainers, attacks, metrics }: Report): HTMLElement[] {
  if (!run)
    return [
      facts([
        [
          'Models and data',
          subjects.map((s) => `${s.model} on ${s.dataset} (${counted(s.samples, 'sample')})`).join('; '),
        ],
        ['Explainers', explainers.join(', ')],
        ['Attacks', attacks.filter((a) => a !== 'none').join(', ') || 'none'],
        ['Metrics', metrics.map(({ title }) => title).join('; ')],
      ]),
    ];
  const { config, engine, units } = run;
  return [
    facts([
      [
        'Run',
        `${run.started.slice(0, 16).replace('T', ' ')} UTC, ${formatSeconds(run.seconds)} for ${counted(units.computed, 'unit')} of work${units.reused > 0 ? `; ${units.reused} more from before` : ''}`,
      ],
      [
        'Models and data',
        h(
          'ul',
          {},
          ...run.subjects.map(({ model, dataset, samples }) =>
            h(
              'li',
              {},
              h('b', {}, `${model.name} on ${dataset.name}`),
              h(
                'span',
                { class: 'quiet' },
                ` ${counted(samples, 'sample')}; ${counted(model.classes, 'class', 'classes')}, input ${model.size.join(' × ')}; model ${model.hash.slice(0, 12)}; ${dataset.kind}: ${optionsText(dataset.options)}`,
              ),
              ...model.notes.map((note) => h('div', { class: 'quiet' }, note)),
            ),
          ),
        ),
      ],
      ['Explained class', config.target],
      ['Seed', String(config.seed)],
      [
        'Versions',
        `xai-gauntlet ${run.package}, ${engine.name} ${engine.version} on ${engine.device}, Node ${run.node}, ${run.platform}`,
      ],
    ]),
    h(
      'div',
      { class: 'columns' },
      h('div', {}, h('h3', {}, 'Explainers'), list(config.explainers)),
      h(
        'div',
        {},
        h('h3', {}, 'Attacks'),
        config.attacks.length > 0 ? list(onceForAll(config.attacks)) : h('p', {}, 'None.'),
      ),
      h('div', {}, h('h3', {}, 'Metrics'), list(config.metrics)),
    ),
    h('h3', {}, 'Skipped'),
    skippedTable(run),
  ];
}
