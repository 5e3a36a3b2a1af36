// Writes opcodes: one value or reference at a time, in the shortest form that the protocol has. The values in the memo are numbered
// from 0.

import type { UnsharedBytes } from '../../types/unshared.ts';
import { valueError } from '../pickle-error.ts';
import type { PyStr } from '../values/builtin-classes.ts';
import { encodeLong } from '../wire/long.ts';
import { OP } from '../wire/opcodes.ts';
import { encodeText } from '../wire/wtf8.ts';
import { Framer } from './framer.ts';

/** The protocols that are written. */
export type Protocol = 3 | 4 | 5;

/** Writes the opcodes of one pickle. */
export class Emitter {
  readonly #protocol: Protocol;
  readonly #out: Framer;
  /** The bytes of one BINFLOAT, which are used again for each float. */
  readonly #float9 = new Uint8Array(9);
  readonly #floatView = new DataView(this.#float9.buffer);
  #memoized = 0;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#out = new Framer(protocol);
  }

  /** Writes an opcode without an argument. */
  op(code: number): void {
    this.#out.byte(code);
  }

  /** Marks the boundary between two values. */
  boundary(): void {
    this.#out.boundary();
  }

  /** Ends the pickle and returns its bytes in parts. */
  stop(): UnsharedBytes[] {
    this.#out.byte(OP.STOP);
    return this.#out.finish();
  }

  /** Memoizes the last value and returns its number. */
  put(): number {
    const index = this.#memoized++;
    if (this.#protocol >= 4) this.#out.byte(OP.MEMOIZE);
    else if (index < 256) this.#out.bytes([OP.BINPUT, index]);
    else this.#out.bytes([OP.LONG_BINPUT, ...uint32(index)]);
    return index;
  }

  /** Writes a reference to the value with that number. */
  get(index: number): void {
    if (index < 256) this.#out.bytes([OP.BINGET, index]);
    else this.#out.bytes([OP.LONG_BINGET, ...uint32(index)]);
  }

  /** Writes an int. */
  int(value: number | bigint): void {
    const out = this.#out;
    if (value >= -0x80000000 && value <= 0x7fffffff) {
      const small = Number(value);
      if (small >= 0 && small <= 0xff) out.bytes([OP.BININT1, small]);
      else if (small >= 0 && small <= 0xffff) out.bytes([OP.BININT2, small & 0xff, small >> 8]);
      else out.bytes([OP.BININT, ...uint32(small)]);
      return;
    }
    const bytes = encodeLong(BigInt(value));
    if (bytes.length < 256) out.bytes([OP.LONG1, bytes.length]);
    else out.bytes([OP.LONG4, ...uint32(bytes.length)]);
    out.bytes(bytes);
  }

  /** Writes a float. */
  float(value: number, nanBits = 0x7ff8000000000000n): void {
    const view = this.#floatView;
    if (Number.isNaN(value)) view.setBigUint64(1, nanBits);
    else view.setFloat64(1, value);
    view.setUint8(0, OP.BINFLOAT);
    this.#out.bytes(this.#float9);
  }

  /** Writes a str, memoizes it and returns its number. */
  newText(text: string | PyStr): number {
    const body = encodeText(text);
    const short = this.#protocol >= 4 && body.length < 256;
    this.#out.payload(short ? [OP.SHORT_BINUNICODE, body.length] : [OP.BINUNICODE, ...uint32(body.length)], body);
    return this.put();
  }

  /** Writes bytes, memoizes them and returns their number. */
  newBytes(bytes: Uint8Array): number {
    const { length } = bytes;
    if (length > 0xffffffff) {
      if (this.#protocol < 4)
        throw valueError(`a value of ${length} bytes needs pickle protocol 4 or later, and this is protocol 3`);
      this.#out.payload([OP.BINBYTES8, ...uint64(length)], bytes);
    } else {
      this.#out.payload(length < 256 ? [OP.SHORT_BINBYTES, length] : [OP.BINBYTES, ...uint32(length)], bytes);
    }
    return this.put();
  }

  /** Writes a bytearray as protocol 5 does, memoizes it and returns its number. */
  newByteArray(bytes: Uint8Array): number {
    this.#out.payload([OP.BYTEARRAY8, ...uint64(bytes.length)], bytes);
    return this.put();
  }

  /** Writes a class or function by name, as protocol 3 does. */
  global(module: string, name: string): void {
    this.#out.bytes([OP.GLOBAL, ...encodeText(`${module}\n${name}\n`)]);
  }
}

function uint64(value: number): number[] {
  return [...uint32(value % 2 ** 32), ...uint32(Math.floor(value / 2 ** 32))];
}

function uint32(value: number): [number, number, number, number] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
