import { wilsonInterval } from '../../statistics/interval.ts';
import type { Preprocessing } from '../../model/model.ts';
import type { Finding } from './finding.ts';
import { better, type Trial } from './preprocessing.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const text = ({ title, right, crossEntropy }: Trial, count: number) =>
  `${title}: ${right} of ${count} right, cross-entropy ${crossEntropy.toFixed(2)}`;

/**
 * What trials on `count` samples, best first, say of the preprocessing: whether the best one finds more than chance would, whether it
 * wants blue first, and whether the one that the user `asked` for does as well.
 */
export function judgeTrials(
  trials: readonly Trial[],
  count: number,
  classes: number,
  asked?: Preprocessing,
): Finding[] {
  const [best] = trials;
  const { low, high } = wilsonInterval(best.right, count);
  const others = trials.slice(1, 4).map((trial) => text(trial, count));
  const range = `(95 % interval ${percent(low!)} to ${percent(high!)})`;
  const fits: Finding = {
    state: low! > 1 / classes ? 'ok' : 'off',
    side: 'accuracy',
    detail: `${text(best, count)} ${range}; then ${others.join('; ')}`,
  };
  if (fits.state === 'off')
    return [
      fits,
      {
        state: 'off',
        side: 'labels',
        detail: `no preprocessing finds more labels than chance (1 of ${classes}): number the labels as the model numbers its classes, or export trained weights`,
      },
    ];
  const findings = [fits];
  if (best.reversed)
    findings.push({
      state: 'off',
      side: 'channels',
      detail: 'the net does better with blue, green, red: export it with a reversal of the channels in front',
    });
  const wanted = trials.find(({ preprocessing, reversed }) => preprocessing === asked && !reversed);
  if (wanted && wanted !== best && !best.reversed && better(best, wanted))
    findings.push({
      state: wanted.right < low! * count ? 'off' : 'note',
      side: 'preprocessing',
      detail: `"${best.title}" does better than "${wanted.title}", with which ${wanted.right} of ${count} are right`,
    });
  return findings;
}
