/** How a term changes a weight, value by value; `undefined` leaves it as it is. */
type Change = (value: number) => number;

/** A set of contributions x_i w_ij to a linear layer's outputs, from a changed input and changed weights. */
export interface Term {
  /** What stands for the input x; `aboveLow` and `belowHigh` are its distances to the ends of the pixels' box. */
  readonly input: 'x' | 'positive' | 'negative' | 'one' | 'aboveLow' | 'belowHigh';
  readonly weight?: Change;
  /** The bias's own contribution; it keeps its share of the relevance. Without it there is none. */
  readonly bias?: Change;
}

/** Contributions with a denominator of their own: `share · Σ x_i w_ij / (Σ_i x_i w_ij + b_j) R_j` over its terms. */
export interface Part {
  readonly share: number;
  readonly terms: readonly Term[];
  /** The sign that no contribution of the part departs from. */
  readonly sign?: 1 | -1;
  /** Only outputs of this sign pass relevance on through the part; its denominators then have that sign. */
  readonly outputs?: 1 | -1;
}

/** A rule of relevance propagation through a linear layer, as data. */
export interface Rule {
  readonly parts: readonly Part[];
  /** Stabiliser, added to each denominator with the denominator's sign. */
  readonly epsilon: number;
}

/** What a rule may be set to. */
export interface RuleSettings {
  /** ε of the ε rule. */
  readonly epsilon: number;
  /** γ of the γ rule. */
  readonly gamma: number;
  /** α of the αβ rule, at least 1; β = α - 1. */
  readonly alpha: number;
}

const same: Change = (v) => v;
const positive: Change = (v) => Math.max(v, 0);
const negative: Change = (v) => Math.min(v, 0);
const stabiliser = 1e-6;

const rule = (...parts: readonly Part[]): Rule => ({ parts, epsilon: stabiliser });

/** Contributions of one sign, and the bias's. */
const ofSign = (sign: 1 | -1, share = 1): Part => {
  const [own, other] = sign > 0 ? [positive, negative] : [negative, positive];
  return {
    share,
    sign,
    terms: [
      { input: 'positive', weight: own, bias: own },
      { input: 'negative', weight: other },
    ],
  };
};

/** Outputs of one sign, whose contributions of that sign count 1 + γ times. */
const raised = (sign: 1 | -1, gamma: number): Part => {
  const raise =
    (part: Change): Change =>
    (v) =>
      v + gamma * part(v);
  const [own, other] = sign > 0 ? [raise(positive), raise(negative)] : [raise(negative), raise(positive)];
  return {
    share: 1,
    outputs: sign,
    terms: [
      { input: 'positive', weight: own, bias: own },
      { input: 'negative', weight: other },
    ],
  };
};

/** Bach et al. 2015 (doi:10.1371/journal.pone.0130140, eq. 58). */
const epsilonRule = (epsilon: number): Rule => ({
  parts: [{ share: 1, terms: [{ input: 'x', bias: same }] }],
  epsilon,
});

/** The rules by name, from their settings. Where zennit has the rule, it is zennit's, but for the bias of w². */
export const rules = {
  /** LRP-0: the ε rule without ε. */
  zero: () => epsilonRule(0),
  /** LRP-ε: all contributions. */
  epsilon: ({ epsilon }) => epsilonRule(epsilon),
  /** LRP-γ: contributions of the output's sign are raised by 1 + γ (Montavon 2019, for inputs of any sign as in zennit). */
  gamma: ({ gamma }) => rule(raised(1, gamma), raised(-1, gamma)),
  /** LRP-αβ: positive contributions get α, negative ones -β = 1 - α (Bach et al. 2015, eq. 60). */
  'alpha-beta': ({ alpha }) => rule(ofSign(1, alpha), ...(alpha > 1 ? [ofSign(-1, 1 - alpha)] : [])),
  /** LRP-z⁺ = LRP-α1β0: positive contributions only (Montavon 2017, doi:10.1016/j.patcog.2016.11.008). */
  'z-plus': () => rule(ofSign(1)),
  /** LRP-w²: squared weights whatever the input (Montavon 2017); without bias, which zennit squares and counts. */
  'w-square': () => rule({ share: 1, sign: 1, terms: [{ input: 'one', weight: (v) => v * v }] }),
  /** LRP-flat: evenly over the receptive field (Lapuschkin 2019, doi:10.1038/s41467-019-08987-4). */
  flat: () => rule({ share: 1, sign: 1, terms: [{ input: 'one', weight: () => 1 }] }),
  /**
   * LRP-z^B for pixels in a box (Montavon 2017): `x w - low w⁺ - high w⁻`, written as `(x - low) w⁺ + (x - high) w⁻`, in which
   * nothing cancels.
   */
  'z-box': () =>
    rule({
      share: 1,
      sign: 1,
      terms: [
        { input: 'aboveLow', weight: positive },
        { input: 'belowHigh', weight: negative },
      ],
    }),
} satisfies Record<string, (settings: RuleSettings) => Rule>;

export type RuleName = keyof typeof rules;
