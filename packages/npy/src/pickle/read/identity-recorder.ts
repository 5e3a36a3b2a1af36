// Records identities while a pickle is read. Each str that the pickle makes is a new object, whatever its text; in JavaScript it becomes a
// string, which has no identity.

import { MAX_SEEDED_LENGTH } from '../hash-flooding/engine-hash.ts';
import { Identities } from '../identities.ts';
import { PyTuple } from '../values/builtin-classes.ts';
import { PyFloat } from '../values/numeric-values.ts';
import type { GlobalRule } from './globals.ts';
import { StrCell } from './stack.ts';

/** Records the identities of one pickle that is being read. */
export class IdentityRecorder {
  readonly identities: Identities = new Identities();
  readonly #texts = new Set<string>();
  readonly #shortBytes = new Set<number>();
  #copies = 0;

  /** Makes a str object. */
  str(text: string): StrCell {
    // Looking up a long text takes time in proportion to its length, so that each long text gets a number of its own.
    if (text.length > MAX_SEEDED_LENGTH || this.#texts.has(text)) return new StrCell(text, ++this.#copies);
    this.#texts.add(text);
    return new StrCell(text, 0);
  }

  /** Records a bytes object, and returns it. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (bytes.length > 1) return bytes;
    const key = bytes[0] ?? -1;
    if (this.#shortBytes.has(key)) this.identities.distinctBytes.add(bytes);
    else this.#shortBytes.add(key);
    return bytes;
  }

  /** Records that `owner` holds `value` at `slot`. Returns the value to store there. */
  place(owner: object, slot: number, value: unknown): unknown {
    if (!(value instanceof StrCell)) return value;
    this.identities.setCopy(owner, slot, value.copy);
    return value.text;
  }

  /** Records the str objects that named a class or function. */
  global(key: string, module: StrCell, name: StrCell): void {
    const { globals } = this.identities;
    if (!globals.has(key)) globals.set(key, [module.copy, name.copy]);
  }

  /** Records that a call made `value`. The arguments are kept if the value does not determine them. */
  called(value: object, args: PyTuple, rule: GlobalRule): void {
    if (value instanceof Set) {
      const [items] = args;
      if (Array.isArray(items)) this.identities.shareCopies(items, value);
    } else if (rule.keepsArgs || args.some((arg) => arg instanceof PyFloat && arg.nanBits !== undefined)) {
      this.identities.constructions.set(value, { args });
    }
  }

  /** Records that `value` was given its state. */
  built(value: object, state: PyTuple | Map<unknown, unknown>): void {
    const construction = this.identities.constructions.get(value);
    if (construction) construction.state = state;
    else if (this.identities.hasCopies(state)) this.identities.constructions.set(value, { args: new PyTuple(), state });
  }
}
