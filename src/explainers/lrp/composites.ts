import { z } from 'zod';
import { topological, type Node } from '../../graph/index.ts';
import type { Model } from '../../model/model.ts';
import { UserError } from '../../numeric/errors.ts';
import { isLinear, type LinearLayer } from './linear.ts';
import { rules, type Rule, type RuleName, type RuleSettings } from './rules.ts';

const names = Object.keys(rules) as [RuleName, ...RuleName[]];

/** Which rule some layers follow. */
export const assignment = z
  .strictObject({
    /** `first` (reached by the picture before any other), `conv`, `dense`, or a layer's name, in which * stands for any text. */
    layers: z.string().min(1),
    rule: z.enum(names),
    /** Settings of the rules epsilon, gamma and alpha-beta. */
    epsilon: z.number().nonnegative().optional(),
    gamma: z.number().nonnegative().optional(),
    alpha: z.number().min(1).optional(),
  })
  .superRefine((given, context) => {
    for (const [key, rule] of [
      ['epsilon', 'epsilon'],
      ['gamma', 'gamma'],
      ['alpha', 'alpha-beta'],
    ] as const)
      if (given[key] !== undefined && given.rule !== rule)
        context.addIssue({ code: 'custom', path: [key], message: `belongs to the rule ${rule}, not to ${given.rule}` });
  });
export type Assignment = z.infer<typeof assignment>;

const flat: Assignment = { layers: 'first', rule: 'flat' };
const dense: Assignment = { layers: 'dense', rule: 'epsilon' };
const plus: Assignment = { layers: 'conv', rule: 'z-plus' };
const alpha2: Assignment = { layers: 'conv', rule: 'alpha-beta', alpha: 2 };

/** zennit's composites: the first line that a layer answers to is its rule. */
export const composites = {
  'epsilon-plus': [plus, dense],
  'epsilon-plus-flat': [flat, plus, dense],
  'epsilon-alpha2-beta1': [alpha2, dense],
  'epsilon-alpha2-beta1-flat': [flat, alpha2, dense],
  'epsilon-gamma-box': [dense, { layers: 'first', rule: 'z-box' }, { layers: 'conv', rule: 'gamma' }],
  'excitation-backprop': [plus, { layers: 'dense', rule: 'z-plus' }],
} satisfies Record<string, readonly Assignment[]>;
export type CompositeName = keyof typeof composites;

/** The layers that the picture reaches before any other layer. */
function firstLayers(model: Model): Set<Node> {
  const exposed = new Set<Node>([model.input]);
  const first = new Set<Node>();
  for (const node of topological([model.logits])) {
    if (!node.inputs.some((i) => exposed.has(i))) continue;
    if (isLinear(node)) first.add(node);
    else exposed.add(node);
  }
  return first;
}

/** The linear layers that a word or a name pattern stands for. Throws UserError for a name that no layer has. */
function select(model: Model, layers: string): Set<Node> {
  const linear = topological([model.logits]).filter(isLinear);
  if (layers === 'first') return firstLayers(model);
  if (layers === 'conv' || layers === 'dense') return new Set(linear.filter((node) => node.op === layers));
  const pattern = new RegExp(
    `^${layers
      .split('*')
      .map((text) => text.replace(/[^\w]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  const found = linear.filter(({ name }) => name !== undefined && pattern.test(name));
  if (found.length === 0) {
    const known = linear.flatMap(({ name }) => name ?? []);
    throw new UserError(
      `lrp: model '${model.name}' has no convolution or dense layer '${layers}'; there are first, conv, dense, ${known.join(', ')}`,
    );
  }
  return new Set(found);
}

/** The rule of each linear layer: that of the first assignment it answers to. What the assignments do not set comes from `settings`. */
export function rulesOf(
  model: Model,
  assignments: readonly Assignment[],
  settings: RuleSettings,
): (layer: LinearLayer) => Rule {
  const first = firstLayers(model);
  const lines = assignments.map(({ layers, rule, ...own }) => {
    const chosen = select(model, layers);
    const inner = [...chosen].find((layer) => !first.has(layer) || layer.op === 'dense');
    if (rule === 'z-box' && inner)
      throw new UserError(
        `lrp: the rule z-box is for convolutions on the picture itself; '${inner.name ?? inner.op}' (layers: ${layers}) is not one`,
      );
    return { layers: chosen, rule: rules[rule]({ ...settings, ...own }) };
  });
  return (layer) => lines.find(({ layers }) => layers.has(layer))!.rule;
}
