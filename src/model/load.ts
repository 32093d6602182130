import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fixed, input, substitute, type Node } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { readOnnx, type ReadModel } from '../onnx/read.ts';
import { canonical } from './canonical.ts';
import { headOf } from './canonical/head.ts';
import type { Model } from './classifier.ts';
import { layersBetween } from './layers.ts';
import { normalisationOf, preprocess, type Preprocessing } from './preprocessing.ts';

/** What a file does not say of its model. */
export interface ModelOptions {
  readonly preprocessing: Preprocessing;
  /** The classes' names, in order. */
  readonly labels?: readonly string[];
  /** By default the file's name. */
  readonly name?: string;
  /** Height and width, for files that leave them open. */
  readonly size?: readonly [number, number];
  /** Which output holds the class scores, for files that have several. */
  readonly output?: string;
}

/** Which file holds a model, and how its pictures are prepared. */
export interface LoadOptions extends ModelOptions {
  /** Path of an ONNX file. */
  readonly file: string;
}

/** Loads a classifier from an ONNX file. Throws UserError that says what is wrong with the file or does not fit it. */
export async function loadModel({ file, ...options }: LoadOptions): Promise<Model> {
  return modelOf(await bytesOf(file), file, options);
}

/** The classifier in the bytes of an ONNX file; `file` names it in messages and leads to external data. */
export function modelOf(bytes: Uint8Array, file: string, options: ModelOptions): Model {
  const { preprocessing, labels, size, output } = options;
  const hash = createHash('sha256').update(bytes);
  const read = readOnnx(bytes, { file, folder: dirname(file), size, onExternal: (data) => hash.update(data) });
  hash.update(JSON.stringify([normalisationOf(preprocessing) ?? null, size ?? null, output ?? null]));

  const pixels = pixelsFor(read.input, file);
  const head = headOf(chosenOutput(read, output, file), file);
  const layerInput = preprocess(pixels, preprocessing);
  const [logits] = substitute(canonical([head.logits]), new Map([[read.input, layerInput]]));
  const [, classes] = logits.shape as readonly ['N', number];
  if (labels && labels.length !== classes)
    throw new UserError(`${file}: has ${classes} classes, but ${labels.length} labels were given`);
  return {
    name: options.name ?? basename(file).replace(/[.]onnx$/, ''),
    pixels,
    input: layerInput,
    logits,
    layers: layersBetween(layerInput, logits),
    size: [fixed(pixels.shape[2], 'the height'), fixed(pixels.shape[3], 'the width')],
    classes,
    labels,
    notes: head.removed
      ? [`the ${head.removed.op} '${head.removed.name ?? ''}' at the end is left out: logits are explained`]
      : [],
    hash: hash.digest('hex'),
  };
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new UserError(`cannot read the model '${file}': ${reason}`, { cause: error });
  }
}

function pixelsFor({ shape }: Node, file: string): Node {
  if (shape[1] !== 3) throw new UserError(`${file}: expects pictures of ${shape[1]} channels; colour pictures have 3`);
  return input('pixels', shape);
}

/** The named output, or the only one that has the shape of class scores. */
function chosenOutput({ outputs }: ReadModel, name: string | undefined, file: string): Node {
  const names = [...outputs.keys()].map((n) => `'${n}'`).join(', ');
  if (name !== undefined) {
    const output = outputs.get(name);
    if (!output) throw new UserError(`${file}: has no output '${name}'; it has ${names}`);
    return output;
  }
  if (outputs.size > 1)
    throw new UserError(`${file}: has several outputs, ${names}: say which one holds the class scores (output)`);
  return [...outputs.values()][0];
}
