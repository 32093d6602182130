import type { Command } from './command.ts';

/** A command as `--help` shows it; its options and what it does are loaded when it is called. */
export interface Entry {
  /** Name and positional arguments. */
  readonly usage: string;
  readonly describe: string;
  load(): Promise<Command>;
}

/** All commands. Adding one is adding its file and its entry here; what is slow to load belongs inside its handler. */
export const commands: readonly Entry[] = [
  {
    usage: 'experiment',
    describe: 'run an experiment, or go on with one that was stopped',
    load: async () => (await import('./experiment.ts')).experiment,
  },
  {
    usage: 'worker',
    describe: 'compute units of experiments that are run with --queue, here or on other machines',
    load: async () => (await import('./worker.ts')).worker,
  },
  {
    usage: 'merge <shards..>',
    describe: 'put finished shards of an experiment together, and write its reports',
    load: async () => (await import('./merge.ts')).merge,
  },
  {
    usage: 'compare',
    describe: 'compare two explainers by an experiment, running what is missing, and say what can be claimed',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    usage: 'paper [tables..]',
    describe: "reproduce the SRD paper's tables, on drawn scenes or in full, and write the page about them",
    load: async () => (await import('./paper.ts')).paper,
  },
  {
    usage: 'table <run>',
    describe: 'write the tables of a finished run as Markdown, LaTeX or CSV; computes nothing anew',
    load: async () => (await import('./paper-table.ts')).paperTable,
  },
  {
    usage: 'verify <run>',
    describe: 'compute a random part of a finished run again, and compare',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    usage: 'explain',
    describe: 'explain what a model says of one picture',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    usage: 'apop',
    describe: 'predict from activation patterns alone: another input through the patterns of each picture',
    load: async () => (await import('./apop.ts')).apop,
  },
  {
    usage: 'metric-check <run> [again]',
    describe: 'how well each metric of a finished run tells explainers from degraded ones and from controls',
    load: async () => (await import('./metric-check.ts')).metricCheck,
  },
  {
    usage: 'list [kind]',
    describe: 'list explainers, attacks, metrics, datasets or nets of the zoo, with their options',
    load: async () => (await import('./list.ts')).list,
  },
  {
    usage: 'import <file>',
    describe: 'check an ONNX file, say what is off, and print its entry for a config',
    load: async () => (await import('./import.ts')).importModel,
  },
  {
    usage: 'train',
    describe: 'train a net of the zoo on the built-in scenes',
    load: async () => (await import('./train.ts')).train,
  },
  {
    usage: 'fool-model',
    describe: 'fine-tune a net so that its explanations move and its predictions stay',
    load: async () => (await import('./fool-model.ts')).foolModel,
  },
  {
    usage: 'doctor',
    describe: 'check what works on this machine, and say what to do about the rest',
    load: async () => (await import('./doctor.ts')).doctor,
  },
];
