import type { Estimate } from './estimate.ts';
import type { Share } from './share.ts';

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(Math.round(seconds), 1)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const megabytes = (bytes: number) => `${Math.max(Math.round(bytes / 2 ** 20), 1)} MiB`;

/** What running a plan takes, in lines for a person. */
export function estimateText(
  { seconds, bytes, memory, measured, missing }: Estimate,
  { workers, threads }: Share,
): string {
  if (seconds === 0) return 'estimate: no unit was measured within the time given; give more with --measure';
  const about = missing.length > 0 ? 'more than' : 'about';
  const each = `${workers} ${workers === 1 ? 'process' : 'processes'} of ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return [
    `estimate: ${about} ${duration(seconds / workers)} with ${each} (${duration(seconds)} of computing), beside reports`,
    `  results: ${about} ${megabytes(bytes)}; memory: ${about} ${megabytes(memory * workers)} in all`,
    ...(missing.length > 0
      ? [`  left out, for want of time to measure: ${missing.length} kinds of unit, from ${missing[0]} on`]
      : []),
    ...(measured < 1
      ? [
          `  ${Math.round(100 * measured)} % of the kinds of unit were measured, others taken to be like them; more with --measure`,
        ]
      : []),
  ].join('\n');
}
