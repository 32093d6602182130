import { packageVersion } from '../experiment/package.ts';
import type { Engine } from '../engine/engine.ts';
import { probe } from '../engine/probe.ts';
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

/** Version and device of an engine that works; ends it. */
async function describeEngine(engine: Engine): Promise<string> {
  const { version } = await engine.describe();
  await engine.release();
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
    async probe() {
      const engine = (await import('../engine/onnxruntime.ts')).createOnnxRuntimeEngine();
      await probe(engine);
      return describeEngine(engine);
    },
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
  // The engines that may be absent are tried when they are made; what to install is in their messages.
  ...engines
    .filter(({ name }) => name !== 'ort:cpu' && name !== 'reference:cpu')
    .map(({ name, open }) => ({
      name: `--engine ${name}`,
      needed: false,
      probe: async () => describeEngine(await open({})),
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
        detail: (error as Error).message.split('\n')[0].replace(/^\w+:\S+: /, ''),
        advice,
      });
    }
  }
  return findings;
}
