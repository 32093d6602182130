import type { FigureChunk, FigureEntry } from '../data.ts';
import { loadChunk } from './chunk.ts';
import { h, redraw, select } from './dom.ts';
import { attackTitle } from './format.ts';
import { galleryRow } from './gallery-row.ts';
import type { View } from './paint.ts';
import { chosenAttack, chosenSubject, shownExplainers, type Report } from './report.ts';

/** A slider that writes a CSS variable while it moves and the state when it is let go. */
function slider(
  report: Report,
  parent: HTMLElement,
  key: 'wipe' | 'opacity',
  label: string,
  preset: number,
): HTMLElement {
  const { state } = report;
  const value = Number(state.get(key) ?? preset);
  const show = (v: number) => parent.style.setProperty(`--${key}`, String(v / 100));
  show(value);
  const input = h('input', {
    id: key,
    type: 'range',
    min: 0,
    max: 100,
    value,
    oninput: () => show(Number(input.value)),
    onchange: () => state.set({ [key]: input.value }),
  });
  return h('label', { class: 'field' }, h('span', {}, label), input);
}

function viewChoice({ state }: Report, view: View): HTMLElement {
  const choice = (value: View, text: string) =>
    h(
      'label',
      {},
      h('input', {
        id: `view-${value}`,
        type: 'radio',
        name: 'view',
        value,
        checked: value === view,
        onchange: () => state.set({ view: value }),
      }),
      text,
    );
  return h('fieldset', {}, h('legend', {}, 'Values'), choice('signed', 'signed'), choice('absolute', 'absolute'));
}

/** The figure of the chosen sample and attack; for clean pictures any figure of the sample, whose attack is not shown then. */
function choose(figures: readonly FigureEntry[], sample: string, attack: string): FigureEntry | undefined {
  const own = figures.filter((figure) => figure.sample === sample);
  return attack === 'none' ? own[0] : own.find((figure) => figure.attack === attack);
}

/** Pictures and maps, sample by sample, before and after the chosen attack. */
export function drawGallery(parent: HTMLElement, report: Report): Promise<void> | undefined {
  const { state } = report;
  return state.watch(['subject', 'attack', 'hide', 'figure', 'view'], () => {
    const { model, dataset } = chosenSubject(report);
    const attack = chosenAttack(report);
    const figures = report.figures.filter((figure) => figure.model === model && figure.dataset === dataset);
    const samples = [...new Set(figures.map(({ sample }) => sample))];
    if (samples.length === 0) {
      const why =
        'No maps of this model and dataset were kept; "heatmaps" in the config says of how many samples they are.';
      redraw(parent, h('p', { class: 'quiet' }, why));
      return undefined;
    }
    const sample = samples.find((s) => s === state.get('figure')) ?? samples[0];
    const entry = choose(figures, sample, attack);
    const view: View = state.get('view') === 'absolute' ? 'absolute' : 'signed';
    const rows = h('div', { class: 'gallery', 'aria-busy': 'true' });
    const attacked = attack !== 'none';
    redraw(
      parent,
      h(
        'p',
        {},
        `The maps of the first samples are kept, channels summed. ${attacked ? 'Before and after share one scale.' : 'Choose an attack above to see what became of them.'}`,
      ),
      h(
        'div',
        { class: 'controls' },
        select(
          'figure',
          'Sample',
          samples.map((value) => ({ value, text: value })),
          sample,
          (figure) => state.set({ figure }),
        ),
        viewChoice(report, view),
        slider(report, parent, 'opacity', 'Opacity of the map', 80),
        attacked && slider(report, parent, 'wipe', 'Before or after', 50),
      ),
      entry ? rows : h('p', { class: 'quiet' }, `No picture of this sample was kept under ${attackTitle(attack)}.`),
    );
    return entry && fill(rows, entry, new Set(shownExplainers(report)), view, attacked);
  });
}

async function fill(
  rows: HTMLElement,
  { chunk, sample }: FigureEntry,
  shown: ReadonlySet<string>,
  view: View,
  attacked: boolean,
): Promise<void> {
  try {
    const figure = await loadChunk<FigureChunk>(chunk);
    rows.style.setProperty('--aspect', `${figure.width} / ${figure.height}`);
    const entries = figure.entries.filter(({ explainer }) => shown.has(explainer));
    rows.append(...(await Promise.all(entries.map((entry) => galleryRow(figure, entry, view, attacked)))));
  } catch (error) {
    rows.append(h('p', { class: 'warn', role: 'alert' }, `${sample} cannot be shown: ${(error as Error).message}`));
  }
  rows.setAttribute('aria-busy', 'false');
}
