import { axisEnds, coveringRange, roundEnds, type Estimate } from './axis-ends.ts';
import { gridLines, text } from './draw-chart.ts';

/** An axis that shows nothing, to keep the numbers of neighbouring panels apart. */
export const gap = {
  type: 'linear',
  position: 'bottom',
  stack: 'panels',
  stackWeight: 2.5,
  grid: { display: false },
  border: { display: false },
  ticks: { display: false },
} as const;

/** The value axis of a panel, wide enough for what is shown; of several panels side by side each is narrow. */
export function valueAxis(
  title: readonly string[],
  shown: readonly Omit<Estimate, 'value'>[],
  possible: readonly [number, number],
  isNarrow: boolean,
) {
  const range = coveringRange(shown, possible);
  const [low, high] = axisEnds(shown, range);
  const isWhole = low === range[0] && high === range[1];
  // Ends that are only suggested, Chart.js rounds far outwards in a narrow panel: -1 to 1 becomes -5 to 5.
  const { step, ...ends } = isNarrow && !isWhole ? roundEnds([low, high], range) : { min: low, max: high };
  const suggested = { suggestedMin: low, suggestedMax: high };
  return {
    type: 'linear',
    position: 'bottom',
    stack: 'panels',
    stackWeight: 10,
    ...(isNarrow || isWhole ? ends : suggested),
    ...gridLines,
    ticks: {
      ...text,
      stepSize: step,
      maxTicksLimit: isNarrow ? 5 : 8,
      maxRotation: 0,
      padding: 5,
      // The numbers of neighbours are kept apart.
      align: isNarrow ? 'inner' : 'center',
    },
    title: { ...text, display: true, text: [...title], padding: { top: 0 } },
  } as const;
}
