import type { PageData } from '../data.ts';
import { drawMetricCharts } from './charts.ts';
import { drawControls } from './controls.ts';
import { drawCurves } from './curves.ts';
import { h } from './dom.ts';
import { drawGallery } from './gallery.ts';
import { overview } from './overview.ts';
import { drawRanks } from './rank-plot.ts';
import { drawRanking } from './ranking-table.ts';
import { openReport, type Report } from './report.ts';
import { drawSamples } from './samples.ts';
import { goTo, showSection } from './sections.ts';
import { createState } from './state.ts';
import { drawTransfer, hasTransfer } from './transfer.ts';

const state = createState();
const report = openReport(JSON.parse(document.getElementById('data')!.textContent) as PageData, state);

// What a section returns is waited for before the page counts as ready.
const sections: readonly (readonly [string, string, (parent: HTMLElement, report: Report) => void])[] = [
  ['overview', 'What was run', (parent, report) => parent.append(...overview(report))],
  ['ranking', 'Ranking', drawRanking],
  ['charts', 'Before and after attacks', drawMetricCharts],
  ...(hasTransfer(report) ? ([['transfer', 'Transfer', drawTransfer]] as const) : []),
  ['curves', 'Curves', drawCurves],
  ['ranks', 'Mean ranks', drawRanks],
  ['gallery', 'Gallery', drawGallery],
  ['samples', 'Samples', drawSamples],
];

function link(id: string, title: string): HTMLElement {
  const go = (event: Event) => {
    event.preventDefault();
    goTo(state, id);
  };
  return h('a', { href: `#section=${id}`, onclick: go }, title);
}

const controls = h('div', { class: 'controls', role: 'group', 'aria-label': 'Choices for all sections' });
const contents = sections.map(() => h('div'));
document.body.append(
  h(
    'header',
    {},
    h('h1', {}, report.run?.name ?? 'Report'),
    h('p', { class: 'quiet' }, 'xai-gauntlet: explanations of image classifiers, and what attacks leave of them'),
  ),
  h(
    'div',
    { class: 'bar-top' },
    h('nav', { 'aria-label': 'Sections' }, ...sections.map(([id, title]) => link(id, title))),
    controls,
  ),
  h(
    'main',
    {},
    ...sections.map(([id, title], i) =>
      h(
        'section',
        { id, 'aria-labelledby': `${id}-title` },
        h('h2', { id: `${id}-title`, tabindex: -1 }, title),
        contents[i],
      ),
    ),
  ),
);
drawControls(controls, report);

function restore(): void {
  const section = state.get('section');
  if (section !== undefined) showSection(section);
  const detail = section === 'samples' && document.getElementById('detail');
  if (detail) detail.focus();
}

async function draw(i: number): Promise<void> {
  try {
    await (sections[i][2](contents[i], report) as Promise<void> | undefined);
  } catch (error) {
    contents[i].append(h('p', { class: 'warn', role: 'alert' }, `This section cannot be shown: ${String(error)}`));
    reportError(error);
  }
}

// Sections above have their height by then.
void Promise.all(sections.map((_, i) => draw(i))).then(() => {
  restore();
  addEventListener('popstate', restore);
  document.documentElement.dataset.ready = 'true';
});
