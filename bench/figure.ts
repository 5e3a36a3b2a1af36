// A figure of ours that is held against a bound, because nobody else does the same.

export interface Figure {
  /** The first column of the table. `--only` selects by it. */
  readonly name: string;
  readonly unit: 'frames' | 'ms';
  /** A bound in `unit`, or a multiple of the control. A figure without a bound is for information. */
  readonly atMost?: number | { readonly timesControl: number };
  /** Called several times; the median counts. */
  measure(): Promise<number>;
  /** The same figure of an idle process or of somebody else's program: the machine's own share. */
  control(): Promise<number>;
}

/** A figure and its control, measured. */
export interface HeldFigure {
  readonly name: string;
  readonly unit: Figure['unit'];
  /** The bound in `unit`. */
  readonly atMost?: number;
  /** The median of all runs. */
  readonly value: number;
  readonly most: number;
  readonly control: number;
  readonly met?: boolean;
}
