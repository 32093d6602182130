/** What was found of one side of a model file: fine, worth knowing, or wrong. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'off';
  readonly side: string;
  readonly detail: string;
}
