import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { UserError } from '../numeric/errors.ts';
import type { Engine } from './engine.ts';
import { createOnnxRuntimeEngine, type OnnxRuntimeOptions, type Provider } from './onnxruntime.ts';
import { probe } from './probe.ts';

/** What a provider wants of a machine. */
const wants: Readonly<Record<Provider, string>> = {
  cpu: 'reinstall the package for this platform',
  webgpu:
    'it wants a graphics card that WebGPU reaches: on Linux the Vulkan loader (libvulkan1) and a driver with Vulkan; without a card, a software Vulkan named by VK_ICD_FILENAMES',
  cuda: "run onnxruntime-node's install script (npm rebuild onnxruntime-node --ignore-scripts=false) on Linux x64 with an NVIDIA GPU, CUDA 12 and cuDNN 9",
  coreml: 'it comes with macOS',
  dml: 'it comes with Windows',
};

/** ONNX Runtime on a provider, tried with a small graph. Throws UserError that says what to install where this machine cannot run it. */
export async function openProvider(provider: Provider, options: OnnxRuntimeOptions): Promise<Engine> {
  const refuse = (reason: string, cause?: unknown) =>
    new UserError(`ort:${provider}: ${reason}; ${wants[provider]}`, { cause });
  const known = listSupportedBackends().map(({ name }) => name);
  if (!known.includes(provider))
    throw refuse(`not there in ONNX Runtime for ${process.platform}, which has ${known.join(', ')}`);
  // Asked for without its library, ONNX Runtime writes to stderr.
  if (provider === 'cuda' && !hasCudaLibrary()) throw refuse('the library of the CUDA provider is not installed');
  const engine = createOnnxRuntimeEngine({ ...options, provider });
  try {
    await probe(engine);
    return engine;
  } catch (error) {
    await engine.release();
    throw refuse(reasonOf(error as Error), error);
  }
}

function hasCudaLibrary(): boolean {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return existsSync(join(folder, 'bin/napi-v6/linux', process.arch, 'libonnxruntime_providers_cuda.so'));
}

/** The last part of a message of ONNX Runtime's, which begins with places in its source. */
const reasonOf = ({ message }: Error): string =>
  message
    .trim()
    .split('\n')[0]
    .replace(/^.* was false\. /, '');
