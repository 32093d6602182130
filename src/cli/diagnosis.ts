import { packageVersion } from '../experiment/package.ts';
import type { Engine } from '../engine/engine.ts';
import { engines } from '../engine/select.ts';
import { zooNets } from '../experiment/zoo.ts';

/** What was found of one part. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Whether nothing works without it. */
  readonly needed: boolean;
  readonly detail: string;
  /** What to do where it does not work. */
  readonly advice?: string;
}

interface Part {
  readonly name: string;
  readonly needed: boolean;
  /** What the message of a failure does not say. */
  readonly advice?: string;
  /** Returns what is there. Throws where it does not work. */
  probe(): Promise<string>;
}

/** Runs a small graph and returns version and device. */
async function tryEngine(engine: Engine): Promise<string> {
  const { input, relu } = await import('../graph/index.ts');
  const { tensor } = await import('../numeric/tensor.ts');
  const { y } = await engine.compile({ y: relu(input('x', ['N'])) }).run({ x: tensor([2], [-1, 2]) });
  const { version } = await engine.describe();
  await engine.release();
  if (y.data[0] !== 0 || y.data[1] !== 2) throw new Error('computes wrong numbers');
  return `${version}, runs on ${engine.device}`;
}

const parts: readonly Part[] = [
  {
    name: 'node',
    needed: true,
    advice: 'install Node.js 20.19 or later',
    probe() {
      const [major, minor] = process.versions.node.split('.').map(Number);
      if (major < 20 || (major === 20 && minor < 19)) return Promise.reject(new Error(process.version));
      return Promise.resolve(`${process.version} on ${process.platform}-${process.arch}`);
    },
  },
  {
    name: 'onnxruntime',
    needed: true,
    advice: 'reinstall the package for this platform',
    probe: async () => tryEngine((await import('../engine/onnxruntime.ts')).createOnnxRuntimeEngine()),
  },
  {
    name: 'sharp',
    needed: true,
    advice: 'reinstall with optional dependencies, which hold the binary for this platform',
    async probe() {
      const { default: sharp } = await import('sharp');
      await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      return `${sharp.versions.sharp}, reads and writes images`;
    },
  },
  {
    name: 'canvas',
    needed: true,
    advice: 'reinstall with optional dependencies, which hold the binary for this platform',
    async probe() {
      const { createCanvas } = await import('@napi-rs/canvas');
      createCanvas(1, 1).toBuffer('image/png');
      return 'draws charts';
    },
  },
  {
    name: 'typescript plug-ins',
    needed: false,
    advice: 'install tsx, or write plug-ins in JavaScript',
    async probe() {
      await import('tsx/esm/api');
      return 'can be loaded';
    },
  },
  {
    name: 'zoo',
    needed: false,
    advice: 'bring a model of your own as an ONNX file',
    async probe() {
      const names = Object.keys(await zooNets());
      if (names.length === 0) throw new Error('this copy of the package has no nets');
      return names.join(', ');
    },
  },
  {
    name: 'cuda',
    needed: false,
    advice: "run onnxruntime-node's install script on a machine with an NVIDIA GPU, CUDA 12 and cuDNN 9",
    async probe() {
      const { listSupportedBackends } = await import('onnxruntime-node');
      const found = listSupportedBackends().find(({ name }) => name === 'cuda');
      if (!found?.bundled) throw new Error('the CUDA provider of ONNX Runtime is not installed');
      return 'the CUDA provider of ONNX Runtime is installed';
    },
  },
  // The engines that may be absent; what to install is in their messages.
  ...engines
    .filter(({ name }) => name.startsWith('tfjs:'))
    .map(({ name, open }) => ({
      name: `--engine ${name}`,
      needed: false,
      probe: async () => tryEngine(await open({})),
    })),
];

/** Tries every part in turn. */
export async function diagnose(): Promise<Finding[]> {
  const findings: Finding[] = [{ name: 'xai-gauntlet', ok: true, needed: true, detail: packageVersion }];
  for (const { name, needed, advice, probe } of parts) {
    try {
      findings.push({ name, ok: true, needed, detail: await probe() });
    } catch (error) {
      findings.push({
        name,
        ok: false,
        needed,
        detail: (error as Error).message.split('\n')[0].replace(/^tfjs:\S+: /, ''),
        advice,
      });
    }
  }
  return findings;
}
