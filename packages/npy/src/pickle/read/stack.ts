// The stack of the pickle machine: values, and marks among them that later opcodes reach back to.
// A str lies on it as a StrCell, as only here it is an object with an identity; it becomes a string where it is put.
import type { NpyError } from '../../errors.ts';
import type { Fail } from '../pickle-error.ts';
import { MAX_DEPTH } from '../values/depth.ts';

/** One str object of Python. */
export class StrCell {
  readonly text: string;
  /** 0: the first of its text in this pickle. Else a number of its own. */
  readonly copy: number;
  /** Of a long one that was a key: its number among long texts. */
  declare number?: number | undefined;

  constructor(text: string, copy: number) {
    this.text = text;
    this.copy = copy;
  }
}

export class Stack {
  readonly #values: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #fail: Fail;
  /** How many values lie below the last mark. */
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

  /** The value that was pushed first: what the pickle is going to be. */
  get bottom(): unknown {
    return this.#values[0];
  }

  /** The last `count` values, taken off. */
  popMany(count: number): unknown[] {
    if (this.#values.length - count < this.#fence) throw this.#underflow();
    return this.#takeFrom(this.#values.length - count);
  }

  mark(): void {
    // No value is built over more marks than it is deep.
    if (this.#marks.length >= MAX_DEPTH) throw this.#fail(`values are nested over ${MAX_DEPTH} deep`);
    this.#fence = this.#values.length;
    this.#marks.push(this.#fence);
  }

  /** The values above the last mark, taken off with it. */
  popToMark(): unknown[] {
    if (this.#marks.length === 0) throw this.#fail('expected a MARK on the stack, there is none');
    const values = this.#takeFrom(this.#fence);
    this.#marks.pop();
    this.#fence = this.#marks.at(-1) ?? 0;
    return values;
  }

  /** POP: the last value, or a mark that lies on top. */
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
    return this.#fail('expected a value on the stack, it is empty');
  }
}
