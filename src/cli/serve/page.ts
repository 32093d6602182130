import { directionOf, type MetricInfo } from '../../../reports/metric-info.ts';
import type { SetAside } from '../../experiment/samples.ts';
import { spanText } from '../progress.ts';
import { html, type Html } from './html.ts';
import type { MeansTable, MeanSoFar } from './means.ts';

/** What the page shows of a run. */
export interface LiveRun {
  readonly name: string;
  readonly out: string;
  /** How the run stands: at work, or how it ended. */
  readonly state: 'preparing' | 'running' | 'reporting' | 'finished' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly unitsPerSecond: number;
  readonly secondsLeft: number | null;
  readonly notes: readonly string[];
  readonly skipped: readonly { readonly dataset: string; readonly sample: string; readonly reason: string }[];
  readonly setAside: readonly SetAside[];
  readonly error?: string;
  readonly means: readonly MeansTable[];
  readonly metrics: readonly MetricInfo[];
}

const states: Readonly<Record<LiveRun['state'], string>> = {
  preparing: 'Opening models and data',
  running: 'Running',
  reporting: 'All units are done; the reports are being written',
  finished: 'Finished',
  stopped: 'Stopped; the same command goes on',
  failed: 'Failed',
};

/** Skipped samples that are listed, and as many set aside; there may be thousands. */
const listed = 50;

function progress({ state, done, total, unit, unitsPerSecond, secondsLeft, out }: LiveRun): Html {
  const left = secondsLeft === null || state !== 'running' ? '' : ` · ${spanText(secondsLeft)} left`;
  const report = state === 'finished' ? html`<p><a href="/report.html">The report</a></p>` : html``;
  return html`<p><b>${states[state]}</b> · results in ${out}</p>
    <p><progress max="${Math.max(total, 1)}" value="${done}" aria-label="units done"></progress></p>
    <p>${done} of ${total} units · ${unitsPerSecond.toPrecision(3)} a second${left}</p>
    <p class="quiet">${unit}</p>
    ${report}`;
}

function problems({ error, skipped, setAside, notes }: LiveRun): Html {
  const lost = [
    skipped.map(({ dataset, sample, reason }) => `skipped ${sample} of ${dataset}: ${reason}`),
    setAside.map(
      ({ model, dataset, sample, units, reason }) =>
        `set aside ${sample} of ${dataset}, ${units} units with ${model}: ${reason}`,
    ),
  ].flatMap((lines) =>
    lines.length > listed ? [...lines.slice(0, listed), `and ${lines.length - listed} more`] : lines,
  );
  const warnings = [...(error === undefined ? [] : [error]), ...lost];
  if (warnings.length === 0 && notes.length === 0) return html``;
  return html`<h2>Skipped, set aside, failed, left out</h2>
    <ul>
      ${warnings.map((line) => html`<li class="warn">${line}</li>`)} ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

function cell(mean: MeanSoFar | undefined): Html {
  if (!mean) return html`<td></td>`;
  const { n, undefined: missing } = mean;
  const without = missing > 0 ? html` <span class="warn">+ ${missing} undefined</span>` : html``;
  const value = mean.mean === null ? '–' : mean.mean.toPrecision(3).replace('-', '−');
  return html`<td>${value}<small class="quiet">n = ${n}${without}</small></td>`;
}

const arrows = { higher: '↑', lower: '↓' } as const;

function table({ model, dataset, attack, metrics, rows }: MeansTable, infos: readonly MetricInfo[]): Html {
  const title = `${model} on ${dataset}, ${attack === 'none' ? 'clean pictures' : attack}`;
  const heads = metrics.map((metric) => {
    const better = directionOf(metric, infos);
    const words = better ? `${better} is better` : '';
    return html`<th scope="col" title="${words}">${metric} ${better ? arrows[better] : ''}</th>`;
  });
  const lines = rows.map(
    ({ explainer, means }) =>
      html`<tr>
        <th scope="row">${explainer}</th>
        ${means.map(cell)}
      </tr>`,
  );
  return html`<h3>${title}</h3>
    <div class="wide" tabindex="0" role="group" aria-label="${title}">
      <table>
        <thead>
          <tr>
            <th scope="col">explainer</th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>`;
}

function means({ means: tables, metrics }: LiveRun): Html {
  if (tables.length === 0) return html``;
  return html`<h2>Means so far</h2>
    <p class="warn">Provisional: of the samples that are done, without intervals or tests. The report has both.</p>
    ${tables.map((one) => table(one, metrics))}`;
}

/** The parts of the page that change, by the id of their place. */
export const partsOf = (run: LiveRun): Record<string, string> => ({
  progress: progress(run).html,
  problems: problems(run).html,
  means: means(run).html,
});

/** The whole page; without JavaScript it is read anew every five seconds. */
export function pageOf(run: LiveRun): string {
  const parts = Object.entries(partsOf(run)).map(([id, part]) => html`<section id="${id}">${{ html: part }}</section>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <noscript><meta http-equiv="refresh" content="5" /></noscript>
        <title>${run.name} · xai-gauntlet</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
        <script src="/script.js" defer></script>
      </head>
      <body>
        <h1>${run.name}</h1>
        <p id="gone" class="warn" role="alert" hidden>
          The run has ended or cannot be reached; these are its last numbers.
        </p>
        <main>${parts}</main>
      </body>
    </html> `.html;
}

/** Puts the parts that changed into their places, scrolled as they were and with the keyboard where it was. */
export const script = `
const source = new EventSource('/events');
let over = false;
source.addEventListener('message', ({ data }) => {
  const { parts, ended } = JSON.parse(data);
  for (const [id, markup] of Object.entries(parts)) {
    const place = document.getElementById(id);
    const scrolled = [...place.querySelectorAll('.wide')].map((box) => box.scrollLeft);
    const reached = () => [...place.querySelectorAll('a, [tabindex]')];
    const focus = reached().indexOf(document.activeElement);
    place.innerHTML = markup;
    place.querySelectorAll('.wide').forEach((box, i) => (box.scrollLeft = scrolled[i] ?? 0));
    if (focus >= 0) reached()[focus]?.focus({ preventScroll: true });
  }
  document.getElementById('gone').hidden = true;
  if (ended) source.close();
});
source.addEventListener('error', () => (document.getElementById('gone').hidden = false));
`;
