import type { FinishedRun } from '../../experiment/finished-run.ts';
import type { Claim } from '../sections.ts';
import { above } from './above.ts';
import { ahead } from './ahead.ts';
import { alike } from './alike.ts';
import type { Finding } from './wording.ts';

/** How a claim fares in the results of a run; sentences and tables are made from its numbers alone. */
export function findingOf(run: FinishedRun, claim: Claim): Finding {
  if (claim.kind === 'ahead') return ahead(run, claim);
  return claim.kind === 'above' ? above(run, claim) : alike(run, claim);
}
