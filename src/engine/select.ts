import { UserError } from '../numeric/errors.ts';
import type { Engine } from './engine.ts';
import type { Provider } from './onnxruntime.ts';
import type { TfjsDevice } from './tfjs.ts';

/** What a user may set of any engine; an engine that has no use for a setting ignores it. */
export interface EngineSettings {
  /** Threads of one operator. */
  readonly threads?: number;
}

/** An engine that can be asked for. */
export interface EngineEntry {
  /** `family:device`; the family alone means its first entry. */
  readonly name: string;
  readonly title: string;
  /** Makes the engine, tried with a small graph where it may not work. Throws UserError that says what to install where this machine cannot run it. */
  open(settings: EngineSettings): Promise<Engine>;
}

const ort = (provider: Provider, title: string): EngineEntry => ({
  name: `ort:${provider}`,
  title: `ONNX Runtime on ${title}`,
  open: async (settings) => (await import('./providers.ts')).openProvider(provider, settings),
});

const tfjs = (device: TfjsDevice, title: string): EngineEntry => ({
  name: `tfjs:${device}`,
  title,
  async open() {
    const { createTfjsEngine } = await import('./tfjs.ts');
    const { probe } = await import('./probe.ts');
    const engine = await createTfjsEngine(device);
    await probe(engine);
    return engine;
  },
});

/** All engines, the default first. Adding one is adding its entry; what is slow to load belongs inside `open`. */
export const engines: readonly EngineEntry[] = [
  {
    name: 'ort:cpu',
    title: 'ONNX Runtime on the processor',
    open: async (settings) => (await import('./onnxruntime.ts')).createOnnxRuntimeEngine(settings),
  },
  ort('webgpu', 'a graphics card by WebGPU'),
  ort('cuda', 'an NVIDIA GPU by CUDA'),
  ort('coreml', 'an Apple processor by Core ML'),
  ort('dml', 'a graphics card by DirectML, under Windows'),
  tfjs('wasm', 'TensorFlow.js, WebAssembly'),
  tfjs('cpu', 'TensorFlow.js, plain JavaScript'),
  tfjs('node', "TensorFlow.js on the processor by TensorFlow's library"),
  tfjs('node-gpu', "TensorFlow.js on an NVIDIA GPU by TensorFlow's library"),
  tfjs('webgpu', 'TensorFlow.js on a graphics card by WebGPU'),
  {
    name: 'reference:cpu',
    title: 'float64 interpreter, slow, to check the others against',
    open: async () => (await import('./reference.ts')).createReferenceEngine(),
  },
];

/** The names of all engines. */
export const engineNames: readonly string[] = engines.map((e) => e.name);

const find = (name: string) => engines.find((e) => e.name === name || e.name.startsWith(`${name}:`));

/** Whether there is an engine of this name or family. */
export const isEngineName = (name: string): boolean => find(name) !== undefined;

/** The engine's entry. Throws UserError with the names there are. */
export function findEngine(name: string): EngineEntry {
  const found = find(name);
  if (!found) throw new UserError(`unknown engine "${name}"; there are ${engineNames.join(', ')}`);
  return found;
}

/** Makes the engine of a name, by default the first. Throws UserError for an unknown name, and where this machine cannot run it. */
export const openEngine = (name = engines[0].name, settings: EngineSettings = {}): Promise<Engine> =>
  findEngine(name).open(settings);
