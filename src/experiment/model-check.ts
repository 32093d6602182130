import { readFile } from 'node:fs/promises';
import { SampleError, type Sample } from '../data/dataset.ts';
import { imageFolder } from '../data/image-folder.ts';
import type { Fit } from '../data/geometry.ts';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime.ts';
import { runFile } from '../engine/run-file.ts';
import { loadModel, type Model, type Preprocessing } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng } from '../numeric/random.ts';
import { softmaxAt } from '../numeric/softmax.ts';
import { tensor } from '../numeric/tensor.ts';
import { outline, type Outline } from '../onnx/outline.ts';
import type { Finding } from './model-check/finding.ts';
import { judgeTrials } from './model-check/judge-trials.ts';
import { tryPreprocessings } from './model-check/preprocessing.ts';

/** What to check a model file against. */
export interface ModelCheck {
  /** Path of an ONNX file. */
  readonly file: string;
  readonly size?: readonly [number, number];
  readonly output?: string;
  readonly labels?: readonly string[];
  /** The preprocessing that the user takes for the right one. */
  readonly preprocessing?: Preprocessing;
  /** Folder of pictures with a labels.csv, and how many of them are tried. */
  readonly data?: string;
  readonly limit: number;
  readonly fit: Fit;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** The preprocessing that fits best, or else the one asked for; undefined where nothing is known of it. */
  readonly preprocessing?: Preprocessing;
  /** Whether explainers can be used on the model. */
  readonly usable: boolean;
}

const shown = ({ name, shape, type }: Outline['inputs'][number]) => `'${name}' [${shape.join(',')}] ${type}`;

function outlined({ producer, opset, inputs, outputs, operators }: Outline): Finding[] {
  const counts = operators.slice(0, 8).map(([name, times]) => `${name} ${times}`);
  const batch = inputs[0]?.shape[0];
  const findings: Finding[] = [
    { state: 'ok', side: 'file', detail: `opset ${opset}, written by ${producer}` },
    { state: 'ok', side: 'input', detail: inputs.map(shown).join(', ') },
    { state: 'ok', side: 'output', detail: outputs.map(shown).join(', ') },
    {
      state: 'ok',
      side: 'operators',
      detail:
        counts.join(', ') +
        (operators.length > counts.length ? ` and ${operators.length - counts.length} more kinds` : ''),
    },
  ];
  if (typeof batch === 'number')
    findings.push({ state: 'note', side: 'batch', detail: `made for ${batch} at a time; any number is run here` });
  return findings;
}

/** The largest difference to ONNX Runtime's own run of the file on a picture of noise, relative to the largest output. */
async function compared({ file, output }: ModelCheck, model: Model, found: Outline): Promise<Finding> {
  const rng = createRng(0, 'model-check');
  const picture = tensor([1, 3, ...model.size]);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = rng.uniform();
  const [batch, channels] = found.inputs[0].shape;
  if (found.inputs[0].type !== 'float32' || channels !== 3 || (typeof batch === 'number' && batch !== 1))
    return { state: 'note', side: 'numbers', detail: 'not compared: the file wants another layout, type or batch' };
  const engine = createOnnxRuntimeEngine();
  const { logits } = await engine.compile({ logits: model.logits }).run({ pixels: picture });
  await engine.release();
  const theirs = await runFile(file, picture, output);
  const total = theirs.data.reduce((a, b) => a + b, 0);
  // A softmax at the end of the file is left out here.
  const ends = model.notes.length > 0 && Math.abs(total - 1) < 1e-3;
  const ours = ends ? logits.data.map((_, k) => softmaxAt(logits.data, k)) : logits.data;
  const largest = theirs.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const difference = theirs.data.reduce((a, v, k) => Math.max(a, Math.abs(v - ours[k])), 0) / largest;
  return {
    state: difference < 1e-3 ? 'ok' : 'off',
    side: 'numbers',
    detail: `differ by ${difference.toExponential(1)} of the largest from ONNX Runtime's own run of the file`,
  };
}

/** The first labelled pictures of a folder that can be read. Throws `UserError` where there are none or a label is no class. */
async function samplesOf({ data, limit, fit }: ModelCheck, model: Model): Promise<Sample[]> {
  const dataset = await imageFolder.open(
    { path: data!, fit, start: 0, limit },
    { size: model.size, resolve: (path) => path },
  );
  if (!dataset.provides.includes('label'))
    throw new UserError(`${data}: has no labels.csv with columns file and label; a few labelled pictures are needed`);
  const samples: Sample[] = [];
  for (let i = 0; i < dataset.ids.length; i++) {
    const sample = await dataset.load(i).catch((error: unknown) => {
      if (!(error instanceof SampleError)) throw error;
    });
    if (sample) samples.push(sample);
  }
  if (samples.length === 0) throw new UserError(`${data}: none of its pictures can be read`);
  const wrong = samples.find(({ label }) => label! >= model.classes);
  if (wrong)
    throw new UserError(
      `${data}: ${wrong.id} has the label ${wrong.label}, but the model has ${model.classes} classes`,
    );
  return samples;
}

/** Checks an ONNX file from its header to its accuracy on labelled pictures; mistakes become findings. */
export async function checkModel(check: ModelCheck): Promise<Checked> {
  const findings: Finding[] = [];
  let usable = false;
  let preprocessing = check.preprocessing;
  try {
    // Where there is no file, the loader says so best.
    const bytes = await readFile(check.file).catch(() => undefined);
    const found = bytes && outline(bytes, check.file);
    if (found) findings.push(...outlined(found));
    const model = await loadModel({ ...check, preprocessing: 'none' });
    usable = true;
    findings.push(
      { state: 'ok', side: 'classes', detail: `${model.classes}${check.labels ? ', each with a name' : ''}` },
      ...model.notes.map((detail): Finding => ({ state: 'note', side: 'end', detail })),
      await compared(check, model, found!),
    );
    if (check.data === undefined)
      findings.push({ state: 'note', side: 'accuracy', detail: 'not checked: name a folder of labelled pictures' });
    else {
      const samples = await samplesOf(check, model);
      const engine = createOnnxRuntimeEngine();
      const trials = await tryPreprocessings(model, samples, engine);
      await engine.release();
      findings.push(...judgeTrials(trials, samples.length, model.classes, check.preprocessing));
      preprocessing ??= trials[0].preprocessing;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push({ state: 'off', side: usable ? 'data' : 'reading', detail: error.message });
  }
  return { findings, preprocessing, usable };
}
