// A figure of this package that is compared with a bound, because no other library does the same.

export interface Figure {
  /** The first column of the table. `--only` selects by it. */
  readonly name: string;
  readonly unit: 'frames' | 'ms';
  /** A bound in `unit`, or a multiple of the control. A figure without a bound is for information. */
  readonly atMost?: number | { readonly timesControl: number };
  /** Measures the figure. It is called several times, and the median counts. */
  measure(): Promise<number>;
  /** Measures the same figure of an idle process or of another program, which shows the machine's share. */
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
