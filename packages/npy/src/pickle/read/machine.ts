// The pickle machine: the bytes, the stack and the memo on which opcodes work. Each method does the work of one opcode, or of a family of
// them.
import type { NpyDetailByCode } from '../../error-detail.ts';
import type { NpyError } from '../../errors.ts';
import { latin1 } from '../../text/latin1.ts';
import { printable } from '../../text/quoted.ts';
import { GuardedInserter } from '../hash-flooding/guarded-insert.ts';
import { readDTypeState } from '../numpy/dtype-reader.ts';
import { NumpyArray, readArrayState } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, pickleError, type ReadContext } from '../pickle-error.ts';
import { PyGlobal, type PyStr, PyTuple, PyUuid } from '../values/builtin-classes.ts';
import { isTooDeep, MAX_DEPTH } from '../values/depth.ts';
import { asFloat, asInt, largeIntBytes, PyFloat } from '../values/numeric-values.ts';
import { decodeLong, MAX_LONG_BYTES } from '../wire/long.ts';
import { OP, opcodeName } from '../wire/opcodes.ts';
import { decodeText } from '../wire/wtf8.ts';
import { Collections } from './collections.ts';
import { lookUpGlobal } from './globals.ts';
import { IdentityRecorder } from './identity-recorder.ts';
import { Input } from './input.ts';
import { Memo } from './memo.ts';
import { readUuidState } from './numeric-calls.ts';
import { modernGlobal } from './renamed-globals.ts';
import { Stack, StrCell } from './stack.ts';
import { readInt } from './text-opcodes.ts';
import type { Python2Encoding, Unpickled } from './unpickled.ts';

const CANONICAL_NAN = 0x7ff8000000000000n;

/** The machine that reads one pickle. */
export class Machine implements ReadContext {
  readonly input: Input;
  readonly stack: Stack;
  readonly inserter: GuardedInserter;
  readonly collections: Collections;
  readonly #memo = new Memo();
  readonly #notes = new IdentityRecorder();
  #containers = 0;
  readonly #encoding: Python2Encoding;
  #budget: number;
  #protocol = 0;
  #numpyCore: Unpickled['numpyCore'];
  #opcode: number = OP.PROTO;
  #start = 0;

  constructor(bytes: Uint8Array, maxBytes?: number, encoding: Python2Encoding = 'ascii') {
    this.#encoding = encoding;
    this.input = new Input(bytes, maxBytes);
    this.stack = new Stack(this.fail);
    this.inserter = new GuardedInserter(this.charge);
    this.collections = new Collections(this.#notes, this.inserter, this.fail);
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
    if (this.#budget < 0) throw this.fail('the pickle copies the same values too often');
  };

  /** Reads the next opcode. */
  next(): number {
    this.#start = this.input.position;
    this.#opcode = this.input.uint8();
    return this.#opcode;
  }

  protocol(version: number): void {
    if (version > 5) throw this.fail(`expected a protocol up to 5, got ${version}`);
    this.#protocol = version;
  }

  /** Does the work of STOP, which ends the pickle, and returns the value. */
  stop(): Unpickled {
    const root = this.stack.pop();
    const value = root instanceof StrCell ? root.text : root;
    if (this.#containers > MAX_DEPTH && isTooDeep(value))
      throw this.fail(`values are nested more than ${MAX_DEPTH} deep`);
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
    this.stack.push(asInt(decodeLong(this.input.take(length, MAX_LONG_BYTES))));
  }

  float(): void {
    const { value, bits } = this.input.float64();
    const hasOwnBits = Number.isNaN(value) && bits !== CANONICAL_NAN;
    this.stack.push(hasOwnBits ? new PyFloat(value, bits) : asFloat(value));
  }

  str(text: string | PyStr | undefined, what: string): void {
    if (text === undefined) throw this.fail(`expected ${what}`);
    this.stack.push(typeof text === 'string' ? this.#notes.str(text) : text);
  }

  /** Pushes a str of Python 2, whose encoding is not recorded. */
  python2Str(bytes: Uint8Array | undefined): void {
    if (!bytes) throw this.fail('expected a str in quotes');
    if (this.#encoding === 'bytes') {
      this.stack.push(this.#notes.bytes(bytes.slice()));
      return;
    }
    const position = this.#encoding === 'ascii' ? bytes.findIndex((byte) => byte > 0x7f) : -1;
    if (position >= 0) {
      const byte = (bytes[position] ?? 0).toString(16);
      const hint = "pickle.with({ encoding: 'latin1' }) reads it as text, encoding: 'bytes' as bytes";
      throw this.fail(`a str of Python 2 has the byte 0x${byte}, which is not ASCII: ${hint}`, { encoding: 'ascii' });
    }
    this.stack.push(this.#notes.str(latin1(bytes)));
  }

  /** Returns the content of bytes or a bytearray: a copy, since values outlive the bytes that they are read from. */
  keep(bytes: Uint8Array): Uint8Array {
    return bytes.slice();
  }

  bytes(length: number): void {
    this.stack.push(this.#notes.bytes(this.keep(this.input.take(length))));
  }

  /** Returns a memo number, which is written as a line of text. */
  memoIndex(line: Uint8Array): number {
    const index = readInt(line);
    if (typeof index === 'number' && index >= 0) return index;
    // readInt reads 00 and 01 as booleans.
    if (typeof index === 'boolean') return Number(index);
    throw this.fail('expected a memo number');
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
    this.pushAgain(value);
  }

  /** Pushes a value again. The bytes of a large int are charged each time, since it is copied wherever it is used. */
  pushAgain(value: unknown): void {
    if (typeof value === 'bigint') this.charge(largeIntBytes(value));
    this.stack.push(value);
  }

  /** Pushes a value that can contain others. */
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

  /** Reads the name of a module, class or function, which is a line of text. */
  name(): string {
    const text = decodeText(this.input.line());
    if (typeof text === 'string') return text;
    throw this.fail('expected a name');
  }

  stackGlobal([module, name]: unknown[]): void {
    if (!(module instanceof StrCell) || !(name instanceof StrCell))
      throw this.fail('expected the names of a module and of a class or function');
    this.#notes.global(this.global(module.text, name.text), module, name);
  }

  /** Pushes a class or function. Returns its full name in Python 3 and NumPy 2. */
  global(givenModule: string, givenName: string): string {
    const global = modernGlobal(givenModule, givenName);
    if (!global) {
      const shown = `${printable(givenModule, 100)}.${printable(givenName, 100)}`;
      throw this.fail(`${shown} is not a known class or function: nothing is imported or run`, { global: shown });
    }
    const { module, name } = global;
    if (module.startsWith('numpy._core')) {
      this.#numpyCore ??= givenModule.startsWith('numpy._core') ? 'numpy._core' : 'numpy.core';
    }
    this.stack.push(global);
    return `${module}.${name}`;
  }

  /** Does the work of REDUCE and NEWOBJ. */
  call(way: 'call' | 'create', [callable, args]: readonly unknown[]): void {
    const rule = callable instanceof PyGlobal ? lookUpGlobal(callable) : undefined;
    const make = rule?.[way];
    if (!rule || !make) {
      const what = callable instanceof PyGlobal ? `${callable.module}.${callable.name}` : kindOf(callable);
      throw this.fail(`${what} cannot make a value`, { callable: what });
    }
    if (!(args instanceof PyTuple)) throw this.fail(`expected a tuple of arguments, got ${kindOf(args)}`);
    const value = make(args, this);
    this.#notes.called(value, args, rule);
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
    else throw this.fail(`${kindOf(value)} does not take a state`);
  }
}
