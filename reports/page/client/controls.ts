import { h, redraw, select } from './dom.ts';
import { attackTitle, counted } from './format.ts';
import { chosenAttack, chosenSubject, subjectName, type Report } from './report.ts';

function explainerButtons({ state, explainers }: Report): HTMLElement {
  const hidden = state.all('hide');
  const toggle = (explainer: string) =>
    hidden.includes(explainer) ? hidden.filter((e) => e !== explainer) : [...hidden, explainer];
  return h(
    'div',
    { class: 'toggles', role: 'group', 'aria-label': 'Explainers shown' },
    ...explainers.map((explainer, i) =>
      h(
        'button',
        {
          id: `show-${i}`,
          type: 'button',
          'aria-pressed': String(!hidden.includes(explainer)),
          onclick: () => state.set({ hide: toggle(explainer) }),
        },
        explainer,
      ),
    ),
  );
}

/** The choices that hold for every section below: model and dataset, attack, explainers. */
export function drawControls(parent: HTMLElement, report: Report): void {
  const { state, subjects, attacks } = report;
  state.watch(['subject', 'attack', 'hide'], () =>
    redraw(
      parent,
      select(
        'subject',
        'Model and data',
        subjects.map((s) => ({ value: subjectName(s), text: `${subjectName(s)}, ${counted(s.samples, 'sample')}` })),
        subjectName(chosenSubject(report)),
        (subject) => state.set({ subject, page: undefined, sample: undefined, figure: undefined }),
      ),
      select(
        'attack',
        'Attack',
        attacks.map((attack) => ({ value: attack, text: attackTitle(attack) })),
        chosenAttack(report),
        (attack) => state.set({ attack, metric: undefined, sort: undefined, page: undefined }),
      ),
      explainerButtons(report),
    ),
  );
}
