// What is noted of identity while a pickle is read: each str that the pickle makes is a new object, whatever its text,
// and JavaScript forgets that as soon as it is a string in its place.

import { LONG_TEXT } from '../hash-flooding/engine-hash.ts';
import { Identities } from '../identities.ts';
import { PyTuple } from '../values/builtins.ts';
import { PyFloat } from '../values/numeric-values.ts';
import type { Known } from './globals.ts';
import { StrCell } from './stack.ts';

export class IdentityNotes {
  readonly identities: Identities = new Identities();
  readonly #texts = new Set<string>();
  readonly #shortBytes = new Set<number>();
  #copies = 0;

  /** A str that was made. */
  str(text: string): StrCell {
    // Whether a long text is the first of its kind takes long to find out; it is known by its number instead.
    if (text.length > LONG_TEXT || this.#texts.has(text)) return new StrCell(text, ++this.#copies);
    this.#texts.add(text);
    return new StrCell(text, 0);
  }

  /** Bytes that were made. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (bytes.length > 1) return bytes;
    const key = bytes[0] ?? -1;
    if (this.#shortBytes.has(key)) this.identities.distinctBytes.add(bytes);
    else this.#shortBytes.add(key);
    return bytes;
  }

  /** What `owner` holds at `slot` when `value` is put there. */
  place(owner: object, slot: number, value: unknown): unknown {
    if (!(value instanceof StrCell)) return value;
    this.identities.note(owner, slot, value.copy);
    return value.text;
  }

  /** A class or function was named by two strs. */
  global(key: string, module: StrCell, name: StrCell): void {
    const { globals } = this.identities;
    if (!globals.has(key)) globals.set(key, [module.copy, name.copy]);
  }

  /** `value` was made by a call; its arguments are kept where it does not tell them itself. */
  made(value: object, args: PyTuple, rule: Known): void {
    if (value instanceof Set) {
      const [items] = args;
      if (Array.isArray(items)) this.identities.move(items, value);
    } else if (rule.keepsArgs || args.some((arg) => arg instanceof PyFloat && arg.nanBits !== undefined)) {
      this.identities.made.set(value, { args });
    }
  }

  /** `value` was given its state. */
  built(value: object, state: PyTuple | Map<unknown, unknown>): void {
    const made = this.identities.made.get(value);
    if (made) made.state = state;
    else if (this.identities.hasCopies(state)) this.identities.made.set(value, { args: new PyTuple(), state });
  }
}
