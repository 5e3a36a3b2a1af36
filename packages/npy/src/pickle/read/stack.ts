// The stack of the pickle machine: values, and marks to which later opcodes refer. A str is a StrCell while it is on the stack, where it is
// an object with an identity; it becomes a string where it is stored.
import type { NpyError } from '../../errors.ts';
import type { Fail } from '../pickle-error.ts';
import { MAX_DEPTH } from '../values/depth.ts';

/** A str object of Python that is on the stack. */
export class StrCell {
  readonly text: string;
  /** The number of the str object: 0 for the first of its text in this pickle, else unique. */
  readonly copy: number;
  /** The number in LongTextNumbers, set if the str is a long text and was a key. */
  declare number?: number | undefined;

  constructor(text: string, copy: number) {
    this.text = text;
    this.copy = copy;
  }
}

/** The stack of one pickle. */
export class Stack {
  readonly #values: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #fail: Fail;
  /** The number of values below the last mark. */
  #fence = 0;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  push(value: unknown): void {
    this.#values.push(value);
  }

  pop(): unknown {
    if (this.#values.length <= this.#fence) throw this.#underflow();
    return this.#values.pop();
  }

  top(): unknown {
    if (this.#values.length <= this.#fence) throw this.#underflow();
    return this.#values[this.#values.length - 1];
  }

  /** The value that was pushed first, which becomes the value of the pickle. */
  get bottom(): unknown {
    return this.#values[0];
  }

  /** Removes the last `count` values and returns them. */
  popMany(count: number): unknown[] {
    if (this.#values.length - count < this.#fence) throw this.#underflow();
    return this.#takeFrom(this.#values.length - count);
  }

  mark(): void {
    // A value needs at most one mark for each level of nesting.
    if (this.#marks.length >= MAX_DEPTH) throw this.#fail(`values are nested more than ${MAX_DEPTH} deep`);
    this.#fence = this.#values.length;
    this.#marks.push(this.#fence);
  }

  /** Removes the last mark and the values above it, and returns the values. */
  popToMark(): unknown[] {
    if (this.#marks.length === 0) throw this.#fail('the stack has no MARK');
    const values = this.#takeFrom(this.#fence);
    this.#marks.pop();
    this.#fence = this.#marks.at(-1) ?? 0;
    return values;
  }

  /** Removes the last value or mark, as POP does. */
  drop(): void {
    if (this.#marks.length > 0 && this.#values.length === this.#fence) this.popToMark();
    else this.pop();
  }

  #takeFrom(start: number): unknown[] {
    const values = this.#values.slice(start);
    this.#values.length = start;
    return values;
  }

  #underflow(): NpyError {
    return this.#fail('the stack is empty');
  }
}
