import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs-core';
import { UserError } from '../../numeric/errors.ts';

/** TensorFlow.js, by its own interface. */
export type Tf = typeof tfjs;

/** What TensorFlow.js runs on. */
export type TfjsDevice = keyof typeof backends;

/** A backend of TensorFlow.js. */
interface Backend {
  /** Its name there. */
  readonly name: string;
  /** The packages it wants; the first brings the ops. */
  readonly packages: readonly [string, ...string[]];
  /** What else is needed, for messages. */
  readonly also?: string;
  /** What must be done before its packages are loaded. */
  prepare?(): Promise<void>;
}

const core = '@tensorflow/tfjs-core';
const cuda = 'it wants an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1';
const downloads = 'which downloads libtensorflow';

const backends = {
  cpu: { name: 'cpu', packages: [core, '@tensorflow/tfjs-backend-cpu'] },
  wasm: { name: 'wasm', packages: [core, '@tensorflow/tfjs-backend-wasm'] },
  node: { name: 'tensorflow', packages: ['@tensorflow/tfjs-node'], also: downloads },
  'node-gpu': {
    name: 'tensorflow',
    packages: ['@tensorflow/tfjs-node-gpu'],
    also: `${downloads}; ${cuda}`,
  },
  webgpu: { name: 'webgpu', packages: [core, '@tensorflow/tfjs-backend-webgpu', 'webgpu'], prepare: provideGpu },
} as const satisfies Record<string, Backend>;

/** Whether a backend runs on a graphics card. */
export const isGraphics = (device: TfjsDevice): boolean => device === 'webgpu' || device === 'node-gpu';

const { resolve } = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    return resolve(name) !== '';
  } catch {
    return false;
  }
}

async function load(device: TfjsDevice, name: string): Promise<Record<string, unknown>> {
  const { packages, also }: Backend = backends[device];
  const wanted = packages.map((p) => (p === 'webgpu' ? p : `${p}@4`)).join(' ');
  const advice = `npm install ${also ? '--ignore-scripts=false ' : ''}${wanted}${also ? `, ${also}` : ''}`;
  if (!isInstalled(name)) throw new UserError(`tfjs:${device}: ${name} is not installed; ${advice}`);
  try {
    return (await import(name)) as Record<string, unknown>;
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    throw new UserError(`tfjs:${device}: ${name} does not load (${line}); ${advice}`, { cause: error });
  }
}

/** Gives Node the interface of a browser to graphics cards. */
async function provideGpu(): Promise<void> {
  const { create, globals } = (await load('webgpu', 'webgpu')) as unknown as {
    create(flags: string[]): object;
    globals: object;
  };
  Object.assign(globalThis, globals);
  const holder = globalThis as { navigator?: object };
  holder.navigator ??= {};
  Object.defineProperty(holder.navigator, 'gpu', { value: create([]), configurable: true });
}

/** Without this, what a graphics card refuses to run leaves zeros behind. */
const refusals: string[] = [];

function watch(tf: Tf): void {
  const { device } = tf.backend() as unknown as { device: EventTarget };
  device.addEventListener('uncapturederror', (event) => {
    refusals.push((event as unknown as { error: Error }).error.message);
  });
}

/** Throws what a graphics card has refused to run since the last call. */
export function throwRefusals(): void {
  const [first] = refusals.splice(0);
  if (first !== undefined) throw new Error(`tfjs:webgpu: ${first.split('\n')[0]}`);
}

/** Loads TensorFlow.js with a backend. Throws UserError that says what to install where that is not possible. */
export async function loadBackend(device: TfjsDevice): Promise<Tf> {
  const { name, packages, prepare }: Backend = backends[device];
  await prepare?.();
  const modules: Record<string, unknown>[] = [];
  for (const p of packages) modules.push(await load(device, p));
  const tf = (modules[0].default ?? modules[0]) as Tf;
  // Else every first run says that there are faster backends.
  tf.enableProdMode();
  const ready = await tf.setBackend(name).catch(() => false);
  if (!ready) throw new UserError(`tfjs:${device}: TensorFlow.js could not start its ${name} backend on this machine`);
  // TensorFlow computes on the processor, and says so in its log only, where it finds no GPU.
  const isOnGpu = (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice;
  if (device === 'node-gpu' && !isOnGpu)
    throw new UserError(`tfjs:node-gpu: TensorFlow found no GPU that it can use; ${cuda}, or take tfjs:node`);
  if (device === 'webgpu') watch(tf);
  return tf;
}

/** Makes a backend the one that runs ops, at once. TensorFlow.js has one at a time in a process. */
export function use(tf: Tf, device: TfjsDevice): void {
  const { name } = backends[device];
  // A backend that was started before is set before the promise is returned.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
