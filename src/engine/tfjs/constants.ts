import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConstantData, NodeOf } from '../../graph/index.ts';
import type { Tf } from './backend.ts';
import { kindOf } from './elementwise.ts';
import { hold, type Value } from './value.ts';

/** Constants on the device, shared by all programs that use them. */
export interface Constants {
  retain(data: readonly ConstantData[]): void;
  /** Frees what no program uses any more. */
  release(data: readonly ConstantData[]): void;
  value(node: NodeOf<'constant'>): Value;
  /** Something made of a constant, kept as long as the constant. */
  derived(node: NodeOf<'constant'>, tag: string, make: () => Tensor): Tensor;
}

interface Kept {
  users: number;
  readonly tensors: Map<string, Tensor>;
}

export function createConstants(tf: Tf): Constants {
  const kept = new Map<ConstantData, Kept>();

  function derived({ attrs: { data, shape, dtype } }: NodeOf<'constant'>, tag: string, make: () => Tensor): Tensor {
    const { tensors } = kept.get(data)!;
    const key = `${dtype} [${shape.join()}] ${tag}`;
    const known = tensors.get(key) ?? tf.keep(tf.tidy(make));
    tensors.set(key, known);
    return known;
  }

  return {
    retain(all) {
      for (const data of all) {
        const entry = kept.get(data) ?? { users: 0, tensors: new Map() };
        entry.users++;
        kept.set(data, entry);
      }
    },
    release(all) {
      for (const data of all) {
        const entry = kept.get(data)!;
        if (--entry.users > 0) continue;
        for (const tensor of entry.tensors.values()) tensor.dispose();
        kept.delete(data);
      }
    },
    derived,
    value(node) {
      const { data, shape, dtype } = node.attrs;
      const plain = () => derived(node, 'plain', () => tf.tensor(typed(data, dtype), [...shape], kindOf(dtype)));
      const last = () => derived(node, 'last', () => hold(tf, shape, { plain: plain() }).last());
      return { shape, isLast: false, plain, last, dispose: () => undefined };
    },
  };
}

/** What TensorFlow.js takes for each type; it may keep the array. */
function typed(data: ConstantData, dtype: NodeOf<'constant'>['dtype']): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'int64') return Int32Array.from(data);
  if (dtype === 'bool') return Uint8Array.from(data, (v) => Number(v !== 0));
  return Float32Array.from(data);
}
