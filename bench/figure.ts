// What has no other side to be compared with: a figure of ours, held against a bound.

export interface Figure {
  /** The first column of the table, and what `--only` is matched against. */
  readonly name: string;
  readonly unit: 'frames' | 'ms';
  /** A bound, or so many times what the control measures. None: for information. */
  readonly atMost?: number | { readonly timesControl: number };
  /** Of several runs the one in the middle counts. */
  measure(): Promise<number>;
  /** The same where we do nothing, or somebody else does it: what the machine itself makes of it. */
  control(): Promise<number>;
}
