import type { CommandModule } from 'yargs';
import { apop } from './apop.ts';
import { compare } from './compare.ts';
import { doctor } from './doctor.ts';
import { experiment } from './experiment.ts';
import { explain } from './explain.ts';
import { foolModel } from './fool-model.ts';
import { importModel } from './import.ts';
import { list } from './list.ts';
import { merge } from './merge.ts';
import { metricCheck } from './metric-check.ts';
import { paper } from './paper.ts';
import { paperTable } from './paper-table.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';
import { worker } from './worker.ts';

/** All commands. Adding one is adding its file and its line here; what is slow to load belongs inside its handler. */
export const commands = [
  experiment,
  worker,
  merge,
  compare,
  paper,
  paperTable,
  verify,
  explain,
  apop,
  metricCheck,
  list,
  importModel,
  train,
  foolModel,
  doctor,
] as unknown as readonly CommandModule[];
