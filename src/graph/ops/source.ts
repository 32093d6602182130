import { register } from '../node.ts';

register(
  { op: 'input', type: (_, { shape, dtype }) => ({ shape, dtype }) },
  { op: 'constant', type: (_, { shape, dtype }) => ({ shape, dtype }) },
);
