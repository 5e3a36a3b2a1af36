// Writes values of which Python has one object where JavaScript has a string, or may have several objects: a pickle contains each once, and
// then refers to it. All equal strs are one object, as literals are in Python, unless they were read as different objects (identities.ts).
// Bytes of length 0 and 1 are one object for each content, as in CPython. Classes and functions are shared by name.

import type { Identities } from '../identities.ts';
import type { PyGlobal } from '../values/builtin-classes.ts';
import { OP } from '../wire/opcodes.ts';
import type { Emitter } from './emitter.ts';
import type { PickleVersions } from './reduction.ts';

/** Writes the shared values of one pickle. */
export class SharedValues {
  readonly #out: Emitter;
  readonly #versions: PickleVersions;
  readonly #identities: Identities | undefined;
  /** The memo number of the shared str of each text. */
  readonly #texts = new Map<string, number>();
  /** The strs that are not shared and their memo numbers, by the number of their copy. */
  readonly #copies = new Map<number, { readonly text: string; readonly index: number }>();
  /** The memo numbers of module names with a dot. Python does not share these with equal strs, since they are not identifiers. */
  readonly #modules = new Map<string, number>();
  readonly #shortBytes = new Map<number, number>();
  readonly #globals = new Map<string, number>();

  constructor(out: Emitter, versions: PickleVersions, identities: Identities | undefined) {
    this.#out = out;
    this.#versions = versions;
    this.#identities = identities;
  }

  /** Writes a str. Copy 0 is the shared str of its text. */
  text(text: string, copy: number): void {
    const other = copy === 0 ? undefined : this.#copies.get(copy);
    if (copy === 0 || (other && other.text !== text)) {
      const index = this.#texts.get(text);
      if (index === undefined) this.#texts.set(text, this.#out.newText(text));
      else this.#out.get(index);
    } else if (other) this.#out.get(other.index);
    else this.#copies.set(copy, { text, index: this.#out.newText(text) });
  }

  /** Writes bytes and returns their memo number. */
  bytes(bytes: Uint8Array): number {
    const isPooled = bytes.length <= 1 && !this.#identities?.distinctBytes.has(bytes);
    if (!isPooled) return this.#out.newBytes(bytes);
    const key = bytes[0] ?? -1;
    const index = this.#shortBytes.get(key);
    if (index !== undefined) {
      this.#out.get(index);
      return index;
    }
    const newIndex = this.#out.newBytes(bytes);
    this.#shortBytes.set(key, newIndex);
    return newIndex;
  }

  /** Writes a class or function. */
  global({ module, name }: PyGlobal): void {
    const key = `${module}.${name}`;
    const index = this.#globals.get(key);
    if (index !== undefined) {
      this.#out.get(index);
      return;
    }
    if (this.#versions.protocol < 4) {
      this.#out.global(module, name);
    } else {
      this.#names(module, name);
      this.#out.op(OP.STACK_GLOBAL);
    }
    this.#globals.set(key, this.#out.put());
  }

  #names(module: string, name: string): void {
    const copies = this.#identities?.globals.get(`${module.replace('numpy.core', 'numpy._core')}.${name}`);
    this.#out.boundary();
    if (copies) this.text(module, copies[0]);
    else if (!module.includes('.')) this.text(module, 0);
    else {
      const index = this.#modules.get(module);
      if (index === undefined) this.#modules.set(module, this.#out.newText(module));
      else this.#out.get(index);
    }
    this.#out.boundary();
    if (copies) this.text(name, copies[1]);
    else this.#out.newText(name);
  }
}
