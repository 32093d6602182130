import { input, relu } from '../graph/index.ts';
import { tensor } from '../numeric/tensor.ts';
import type { Engine } from './engine.ts';

/** Runs a small graph. Throws where the engine cannot, or computes wrong numbers. */
export async function probe(engine: Engine): Promise<void> {
  const program = engine.compile({ y: relu(input('x', ['N'])) });
  const { y } = await program.run({ x: tensor([2], [-1, 2]) });
  await program.release();
  if (y.data[0] !== 0 || y.data[1] !== 2) throw new Error('computes wrong numbers');
}
