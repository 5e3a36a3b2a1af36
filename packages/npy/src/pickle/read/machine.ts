// What the opcodes of a pickle work on: the bytes, the stack and the memo. Every method here is what one opcode, or a
// family of them, does.
import type { NpyDetailByCode } from '../../error-detail.ts';
import type { NpyError } from '../../errors.ts';
import { latin1 } from '../../text/latin1.ts';
import { printable } from '../../text/quoted.ts';
import { Keyed } from '../hash-flooding/guarded-insert.ts';
import type { Identities } from '../identities.ts';
import { readDTypeState } from '../numpy/dtype-state.ts';
import { NumpyArray, readArrayState } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, pickleError, type ReadContext } from '../pickle-error.ts';
import { PyGlobal, type PyStr, PyTuple, PyUuid } from '../values/builtins.ts';
import { isTooDeep, MAX_DEPTH } from '../values/depth.ts';
import { asFloat, asInt, bytesOfLarge, PyFloat } from '../values/numeric-values.ts';
import { longOfBytes, MAX_LONG_BYTES } from '../wire/long.ts';
import { OP, opcodeName } from '../wire/opcodes.ts';
import { decodeText } from '../wire/wtf8.ts';
import { Collections } from './collections.ts';
import { knownAs, readUuidState } from './globals.ts';
import { IdentityNotes } from './identity-notes.ts';
import { Input } from './input.ts';
import { Memo } from './memo.ts';
import { modernGlobal } from './renamed-globals.ts';
import { Stack, StrCell } from './stack.ts';
import { readInt } from './text-opcodes.ts';

/** What a pickle held, and how it was written. */
export interface Unpickled {
  readonly value: unknown;
  readonly identities: Identities;
  /** 0 to 5, as the pickle says; those that say nothing are of protocol 0 or 1. */
  readonly protocol: number;
  /** The module that the first array or scalar was named by: that of NumPy 2, or of NumPy 1. */
  readonly numpyCore: 'numpy._core' | 'numpy.core' | undefined;
  /** From the first byte to the STOP. Another pickle may follow. */
  readonly byteLength: number;
}

/** How the strs of Python 2, which are bytes, are read: as text, of ASCII alone or of Latin-1, or as bytes. */
export type OldEncoding = 'ascii' | 'latin1' | 'bytes';

const CANONICAL_NAN = 0x7ff8000000000000n;

export class Machine implements ReadContext {
  readonly input: Input;
  readonly stack: Stack;
  readonly keyed: Keyed;
  readonly collections: Collections;
  readonly #memo = new Memo();
  readonly #notes = new IdentityNotes();
  #containers = 0;
  readonly #encoding: OldEncoding;
  #budget: number;
  #protocol = 0;
  #numpyCore: Unpickled['numpyCore'];
  #opcode: number = OP.PROTO;
  #start = 0;

  constructor(bytes: Uint8Array, maxBytes?: number, encoding: OldEncoding = 'ascii') {
    this.#encoding = encoding;
    this.input = new Input(bytes, maxBytes);
    this.stack = new Stack(this.fail);
    this.keyed = new Keyed(this.charge);
    this.collections = new Collections(this.#notes, this.keyed, this.fail);
    this.#budget = this.input.bytes.length;
  }

  readonly fail = (problem: string, detail: NpyDetailByCode['NPY_PICKLE'] = {}): NpyError => {
    const opcode = opcodeName(this.#opcode);
    return pickleError(`pickle opcode ${opcode} at byte ${this.#start}: ${problem}`, {
      ...detail,
      opcode,
      position: this.#start,
    });
  };

  readonly charge = (units: number): void => {
    this.#budget -= units;
    if (this.#budget < 0) throw this.fail('the same values are copied over and over');
  };

  /** Takes the next opcode. */
  next(): number {
    this.#start = this.input.position;
    this.#opcode = this.input.uint8();
    return this.#opcode;
  }

  protocol(version: number): void {
    if (version > 5) throw this.fail(`expected a protocol up to 5, got ${version}`);
    this.#protocol = version;
  }

  /** STOP: what was read. */
  stop(): Unpickled {
    const root = this.stack.pop();
    const value = root instanceof StrCell ? root.text : root;
    if (this.#containers > MAX_DEPTH && isTooDeep(value)) throw this.fail(`values are nested over ${MAX_DEPTH} deep`);
    return {
      value,
      identities: this.#notes.identities,
      protocol: this.#protocol,
      numpyCore: this.#numpyCore,
      byteLength: this.input.position,
    };
  }

  literal(value: unknown, what: string): void {
    if (value === undefined) throw this.fail(`expected a line that is ${what}`);
    this.stack.push(value);
  }

  long(length: number): void {
    if (length < 0) throw this.fail(`expected the length of an int, got ${length}`);
    this.stack.push(asInt(longOfBytes(this.input.take(length, MAX_LONG_BYTES))));
  }

  float(): void {
    const { value, bits } = this.input.float64();
    const odd = Number.isNaN(value) && bits !== CANONICAL_NAN;
    this.stack.push(odd ? new PyFloat(value, bits) : asFloat(value));
  }

  str(text: string | PyStr | undefined, what: string): void {
    if (text === undefined) throw this.fail(`expected ${what}`);
    this.stack.push(typeof text === 'string' ? this.#notes.str(text) : text);
  }

  /** A str of Python 2, which did not say of what encoding its bytes are. */
  oldStr(bytes: Uint8Array | undefined): void {
    if (!bytes) throw this.fail('expected a str in quotes');
    if (this.#encoding === 'bytes') {
      this.stack.push(this.#notes.bytes(bytes.slice()));
      return;
    }
    const odd = this.#encoding === 'ascii' ? bytes.findIndex((byte) => byte > 0x7f) : -1;
    if (odd >= 0) {
      const byte = (bytes[odd] ?? 0).toString(16);
      const ways = "pickle.with({ encoding: 'latin1' }) reads it as text, encoding: 'bytes' as bytes";
      throw this.fail(`a str of Python 2 has the byte 0x${byte}, which is no ASCII: ${ways}`, { encoding: 'ascii' });
    }
    this.stack.push(this.#notes.str(latin1(bytes)));
  }

  /** The content of bytes and bytearrays: a copy, since values outlive what they were read from. */
  keep(bytes: Uint8Array): Uint8Array {
    return bytes.slice();
  }

  bytes(length: number): void {
    this.stack.push(this.#notes.bytes(this.keep(this.input.take(length))));
  }

  /** The number of a memo, as a line. */
  index(line: Uint8Array): number {
    const index = readInt(line);
    if (typeof index === 'number' && index >= 0) return index;
    // Of old, 00 and 01 are bools.
    if (typeof index === 'boolean') return Number(index);
    throw this.fail('expected the number of a memo');
  }

  put(index: number): void {
    this.#memo.put(index, this.stack.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.fail(`memo ${index} holds nothing`);
    this.again(value);
  }

  /** Pushes a value that was there before. An int is no object that is written once: it is paid for each time. */
  again(value: unknown): void {
    if (typeof value === 'bigint') this.charge(bytesOfLarge(value));
    this.stack.push(value);
  }

  container(value: object): void {
    this.#containers++;
    this.stack.push(value);
  }

  append(values: readonly unknown[]): void {
    this.collections.append(this.stack.top(), values);
  }

  setItems(values: readonly unknown[]): void {
    this.collections.setItems(this.stack.top(), values);
  }

  addItems(values: readonly unknown[]): void {
    this.collections.addItems(this.stack.top(), values);
  }

  /** A module or a name, as a line. */
  name(): string {
    const text = decodeText(this.input.line());
    if (typeof text === 'string') return text;
    throw this.fail('expected a name');
  }

  stackGlobal([module, name]: unknown[]): void {
    if (!(module instanceof StrCell) || !(name instanceof StrCell)) throw this.fail('expected a module and a name');
    this.#notes.global(this.global(module.text, name.text), module, name);
  }

  /** Pushes a class or function. @returns its modern name in full */
  global(givenModule: string, givenName: string): string {
    const global = modernGlobal(givenModule, givenName);
    if (!global) {
      const shown = `${printable(givenModule, 100)}.${printable(givenName, 100)}`;
      throw this.fail(`${shown} is not known here: nothing is imported or run`, { global: shown });
    }
    const { module, name } = global;
    if (module.startsWith('numpy._core')) {
      this.#numpyCore ??= givenModule.startsWith('numpy._core') ? 'numpy._core' : 'numpy.core';
    }
    this.stack.push(global);
    return `${module}.${name}`;
  }

  call(way: 'call' | 'create', [callable, args]: readonly unknown[]): void {
    const rule = callable instanceof PyGlobal ? knownAs(callable) : undefined;
    const make = rule?.[way];
    if (!rule || !make) {
      const what = callable instanceof PyGlobal ? `${callable.module}.${callable.name}` : kindOf(callable);
      throw this.fail(`${what} is nothing that makes a value`, { callable: what });
    }
    if (!(args instanceof PyTuple)) throw this.fail(`expected a tuple of arguments, got ${kindOf(args)}`);
    const value = make(args, this);
    this.#notes.made(value, args, rule);
    this.container(value);
  }

  newObjectEx([cls, args, named]: unknown[]): void {
    if (!(named instanceof Map) || named.size > 0) throw this.fail('expected no named arguments');
    this.call('create', [cls, args]);
  }

  build(state: unknown): void {
    const value = this.stack.top();
    if (value instanceof NumpyArray) this.#notes.built(value, readArrayState(value, state, this));
    else if (value instanceof NumpyDType) this.#notes.built(value, readDTypeState(value, state, this));
    else if (value instanceof PyUuid) this.#notes.built(value, readUuidState(value, state, this));
    else throw this.fail(`${kindOf(value)} takes no state`);
  }
}
