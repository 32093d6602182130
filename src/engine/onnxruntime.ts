import * as ort from 'onnxruntime-node';
import { input, inputsOf, simplify } from '../graph/index.ts';
import { sizeOf, type Tensor } from '../numeric/tensor.ts';
import { winogradPays, writeProgram, type Runtime } from '../onnx/write.ts';
import { largestValues } from './batching.ts';
import { countCopies } from './copies.ts';
import type { Engine, Outputs } from './engine.ts';
import type { Device, Part } from './kept.ts';
import { keepSessions } from './onnxruntime/sessions.ts';
import { programBytes } from './memory.ts';
import { createPrograms, type Prepared } from './programs.ts';

/** What ONNX Runtime can run operators on, as it calls them. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml';

export interface OnnxRuntimeOptions {
  /** By default the processor, which also runs what another provider has no kernel for. */
  readonly provider?: Provider;
  /** Threads for one operator; by default one a core. */
  readonly threads?: number;
  /** Bound on the bytes of compiled programs kept, weights included; by default `programBytes` on the processor, else 4 GiB. */
  readonly cacheBytes?: number;
}

/**
 * In 1.30, WebGPU's convolutions come out wrong, without a word, for 6 channels to a multiple of 4 and
 * for some groups of several channels.
 */
const runtimes: Partial<Record<Provider, Runtime>> = {
  cpu: { anyChannels: true, winograd: winogradPays, outerWeights: true },
  webgpu: { anyChannels: false },
};

/**
 * How long threads wait awake: each session has its own, and longer they take the cores from whoever runs beside or next, but to wake them takes longer than
 * many an operator.
 */
export const spinning = { force_spinning_stop: '1', intra_op: { spin_duration_us: '20' } };

/** The only place but the host's memory where 1.30 leaves results under Node, and WebGPU's alone. */
const location = 'gpu-buffer';

const toOrt = ({ shape, data }: Tensor) => new ort.Tensor('float32', data, shape);
const toTensor = ({ dims, data }: ort.Tensor): Tensor => ({ shape: dims, data: data as Float32Array });

/** The value of a buffer, whose own shape may be another. */
const inShape = ({ shape, value }: Part<ort.Tensor>) =>
  value.location === location ? ort.Tensor.fromGpuBuffer(value.gpuBuffer, { dataType: 'float32', dims: shape }) : value;

/** Runs graphs with ONNX Runtime. Sessions are made at the first run and kept, least recently used out first. */
export function createOnnxRuntimeEngine(options: OnnxRuntimeOptions = {}): Engine {
  const { provider = 'cpu' } = options;
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: spinning },
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  };
  const sessions = keepSessions(
    options.cacheBytes ?? (provider === 'cpu' ? programBytes(options.threads) : 4 * 2 ** 30),
  );
  const copies = countCopies();
  const count = (way: 'toDevice' | 'toHost', data: Float32Array) => provider !== 'cpu' && copies[way](data);

  function prepare(results: Outputs, state: Outputs): Prepared<ort.Tensor> {
    // An output may have the name of an input: state that goes round. ONNX wants them told apart.
    const outputName = (name: string) => `out/${name}`;
    const named = Object.entries({ ...results, ...state });
    const outputs = simplify(named.map(([, node]) => node));
    const inputs = inputsOf(outputs).map((n) => n.attrs);
    const key = Symbol(named.map(([name]) => name).join());
    const stays = provider === 'webgpu' && Object.keys(state).length > 0;
    const make = () => ({
      program: writeProgram(Object.fromEntries(named.map(([name], i) => [outputName(name), outputs[i]])), {
        runtime: runtimes[provider],
      }),
      options: {
        ...settings,
        ...(stays && {
          preferredOutputLocation: Object.fromEntries(
            named.map(([name]) => [outputName(name), name in state ? location : 'cpu'] as const),
          ),
        }),
      },
    });
    return {
      inputs,
      outputs,
      async runPart(feeds) {
        const fed = inputs.map(({ name }): [string, ort.Tensor] => {
          const feed = feeds[name];
          if ('value' in feed) return [name, inShape(feed)];
          count('toDevice', feed.data);
          return [name, toOrt(feed)];
        });
        const found = await sessions.use(key, make, (session) => session.run(Object.fromEntries(fed)));
        const read = Object.keys(results).map((name): [string, Tensor] => [name, toTensor(found[outputName(name)])]);
        for (const [, { data }] of read) count('toHost', data);
        const kept = Object.keys(state).map((name): [string, Part<ort.Tensor>] => {
          const value = found[outputName(name)];
          return [name, { shape: value.dims, value }];
        });
        return { results: Object.fromEntries(read), state: Object.fromEntries(kept) };
      },
      release: () => sessions.delete(key),
    };
  }

  return {
    name: 'onnxruntime',
    device: provider,
    onProcessor: provider === 'cpu',
    ...createPrograms(
      provider === 'webgpu' ? graphicsMemory(prepare) : processorMemory,
      prepare,
      provider === 'cpu' ? largestValues.processor : largestValues.graphics,
    ),
    copies: copies.now,
    describe: () => Promise.resolve({ version: ort.env.versions.node ?? ort.env.versions.common }),
    release: () => sessions.clear(),
  };
}

const processorMemory: Device<ort.Tensor> = {
  upload: (value) => Promise.resolve(toOrt(value)),
  read: ({ value }) => Promise.resolve(toTensor(value)),
  free: () => undefined,
  inPlace: toTensor,
};

/** Values go there and back by programs that compute nothing: 1.30 has no other way under Node, and its `getData` ends the process. */
function graphicsMemory(prepare: (results: Outputs, state: Outputs) => Prepared<ort.Tensor>): Device<ort.Tensor> {
  const values = { values: input('values', ['N']) };
  const [up, down] = [prepare({}, values), prepare(values, {})];
  return {
    async upload({ data }) {
      const { state } = await up.runPart({ values: { shape: [data.length], data } });
      return state.values.value;
    },
    async read({ shape, value }) {
      const { results } = await down.runPart({ values: { shape: [sizeOf(shape)], value } });
      return { shape, data: results.values.data };
    },
    free: (value) => value.dispose(),
  };
}
