// Decodes arrays from chunks of any size. IncrementalDecoder takes bytes, returns arrays, and never waits; decodeStream reads a stream.
// Each array gets memory of its own, of exactly its size, once its header is complete and within the limits.
import { type ByteStream, chunksOf } from '../arguments/byte-stream.ts';
import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { resolveLimits } from '../arguments/limits.ts';
import type { NpyView } from '../array/npy-view.ts';
import { checkDTypeName, type DTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { checkDecodeOptions, type DecodeOptions, decode, readAnyHeader, truncated } from './decode.ts';

const NOTHING = new Uint8Array(0);

/** Decodes consecutive arrays from chunks. */
export class IncrementalDecoder<D extends DTypeName = DTypeName> {
  readonly #options: DecodeOptions<D>;
  /** Bytes that are not in `#message` yet: the start of a header, or bytes behind the last array. */
  #pending: Uint8Array = NOTHING;
  /** The memory of the array in progress, header included. */
  #message: Uint8Array | undefined;
  /** The number of bytes of `#message` that have arrived. */
  #filled = 0;
  /** The error of an earlier call, after which the start of the next array is unknown. */
  #failure: { readonly error: unknown } | undefined;

  /** @throws NpyError NPY_OPTION, NPY_DESCR for an unknown dtype, NPY_LIMIT */
  constructor(options: DecodeOptions<D> = {}) {
    this.#options = { ...checkDecodeOptions(options), copy: false };
    resolveLimits(this.#options.limits);
    if (this.#options.dtype !== undefined && this.#options.dtype !== null) checkDTypeName(this.#options.dtype);
  }

  /**
   * Takes a chunk, which may be empty, and returns the next array if it is complete. One chunk may complete several arrays: call
   * again without a chunk until the result is undefined.
   *
   * @throws what `decode` throws; NpyError NPY_OBJECTS for every object array. Every later call throws the same error
   */
  push(chunk: BytesLike = NOTHING): NpyView<D> | undefined {
    if (this.#failure) throw this.#failure.error;
    try {
      return this.#take(asBytes(chunk));
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #take(chunk: Uint8Array): NpyView<D> | undefined {
    // True if the bytes are a copy: the bytes behind an array are copied once, however many arrays they hold.
    const isOwn = this.#pending.length > 0;
    const rest = isOwn ? append(this.#pending, chunk) : chunk;
    this.#pending = NOTHING;
    if (!this.#message) this.#begin(rest);
    const message = this.#message;
    const taken = message ? Math.min(rest.length, message.length - this.#filled) : 0;
    const left = rest.subarray(taken);
    this.#pending = isOwn || left.length === 0 ? left : left.slice();
    if (!message) return undefined;
    message.set(rest.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled < message.length) return undefined;
    this.#message = undefined;
    return decode(message, this.#options);
  }

  /** Allocates memory for the next array, if its header is complete. */
  #begin(bytes: Uint8Array): void {
    const header = readAnyHeader(bytes, this.#options);
    if (!header) return;
    if (header.type.name === 'object') {
      throw new NpyError(
        'NPY_OBJECTS',
        'npy: an object array does not say where it ends: join its chunks for decode(bytes, { objects: pickle })',
        { descr: header.descr },
      );
    }
    this.#message = allocateBytes(header.dataOffset + header.dataBytes);
    this.#filled = 0;
  }

  /**
   * Ends the input.
   * @throws NpyError NPY_TRUNCATED if the bytes end inside an array; the error of an earlier call, if there was one
   */
  end(): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#message) throw truncated('data', this.#filled, this.#message.length);
    if (this.#pending.length > 0) throw truncated('header', this.#pending.length);
  }
}

/**
 * Decodes the arrays of a stream, one after the other, as each becomes complete.
 *
 * @param stream chunks of any size: the `body` of a response, a ReadableStream, or an iterable. If the loop over the arrays ends early, the
 *   stream is cancelled
 * @throws NpyError NPY_TRUNCATED if the stream ends inside an array, NPY_ARRAY if `stream` is not a stream, NPY_OBJECTS for object
 *   arrays, which do not say where they end; what `decode` throws
 */
export async function* decodeStream<D extends DTypeName = DTypeName>(
  stream: ByteStream,
  options: DecodeOptions<D> = {},
): AsyncGenerator<NpyView<D>, undefined> {
  const decoder = new IncrementalDecoder(options);
  for await (const chunk of chunksOf(stream)) {
    for (let array = decoder.push(chunk); array; array = decoder.push()) yield array;
  }
  decoder.end();
}

/**
 * Appends `tail` to `head`, in the memory of `head` if it has room. Otherwise twice the memory is allocated, so that many small
 * chunks do not each copy everything before them.
 */
function append(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const length = head.length + tail.length;
  let own = head;
  if (head.byteOffset + length > head.buffer.byteLength) {
    own = new Uint8Array(2 * length);
    own.set(head);
  }
  const whole = new Uint8Array(own.buffer, own.byteOffset, length);
  whole.set(tail, head.length);
  return whole;
}
