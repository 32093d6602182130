/** One prediction: one line of apop.csv. */
export interface ApopRow {
  readonly sample: string;
  readonly label: number;
  /** `picture` for the model's own prediction, else the input that went through the picture's activation patterns. */
  readonly reference: string;
  readonly prediction: number;
  /** The place of the label among the logits, from 1. */
  readonly rank: number;
  /** 1 where the prediction is the one for the picture itself, else 0. */
  readonly agrees: 0 | 1;
}
