// IncrementalDecoder and decodeStream decode arrays from chunks of every size.
import { describe, expect, test, vi } from 'vitest';
import { decodeStream, encode, IncrementalDecoder, type NpyView, toNested } from '../../src/core.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

const first = encode({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
const second = encode({ data: BigInt64Array.of(5n), shape: [] }, { dtype: '>i8' });
const empty = encode({ data: new Uint8Array(0), shape: [0, 3] });
const values = [
  [
    [1, 2],
    [3, 4],
  ],
  5n,
  [],
];
const together = Uint8Array.from([...first, ...second, ...empty]);

/** Returns every array that the chunks complete. */
function push(chunks: readonly Uint8Array[], decoder: IncrementalDecoder = new IncrementalDecoder()): NpyView[] {
  const arrays: NpyView[] = [];
  for (const chunk of chunks) for (let a = decoder.push(chunk); a; a = decoder.push()) arrays.push(a);
  decoder.end();
  return arrays;
}

async function collect(stream: AsyncIterable<NpyView>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const view of stream) all.push(toNested(view));
  return all;
}

describe('three arrays', () => {
  test('whole', () => expect(push([together]).map(toNested)).toEqual(values));

  test('byte by byte', () => {
    expect(push(Array.from(together, (byte) => Uint8Array.of(byte))).map(toNested)).toEqual(values);
  });

  test('cut in two anywhere, with empty chunks between', () => {
    const nothing = new Uint8Array(0);
    for (let cut = 0; cut <= together.length; cut++) {
      const chunks = [nothing, together.subarray(0, cut), nothing, together.subarray(cut)];
      expect(push(chunks).map(toNested)).toEqual(values);
    }
  });

  test('as a stream of Buffers, sync or async', async () => {
    const chunks = Array.from({ length: Math.ceil(together.length / 7) }, (_, i) =>
      Buffer.from(together.subarray(7 * i, 7 * i + 7)),
    );
    expect(await collect(decodeStream(chunks))).toEqual(values);
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (const chunk of chunks) yield chunk;
    }
    expect(await collect(decodeStream(slowly()))).toEqual(values);
  });
});

test('a header that comes byte by byte is not copied again for each byte', () => {
  const text = headerText().padEnd(60_000);
  const file = fileWithHeader(text, 1, new Uint8Array(8));
  const decoder = new IncrementalDecoder({ limits: { maxHeaderCharacters: 100_000 } });
  let copied = 0;
  const set = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype), 'set').mockImplementation(function (
    this: Uint8Array,
    ...[from, at = 0]: unknown[]
  ) {
    const bytes = from as Uint8Array;
    copied += bytes.length;
    for (let i = 0; i < bytes.length; i++) this[(at as number) + i] = bytes[i] as number;
  });
  let found: NpyView | undefined;
  for (const byte of file) found ??= decoder.push(Uint8Array.of(byte));
  set.mockRestore();
  expect(found).toBeDefined();
  expect(copied).toBeLessThan(8 * file.length);
});

test('memory is of its own: a chunk may be used again once push has returned', () => {
  // The method slice() of a Buffer returns a view, and that of a Uint8Array a copy.
  for (const chunk of [new Uint8Array(50), Buffer.alloc(50)]) {
    const decoder = new IncrementalDecoder();
    const arrays: NpyView[] = [];
    for (let start = 0; start < together.length; start += chunk.length) {
      const part = together.subarray(start, start + chunk.length);
      chunk.set(part);
      for (let a = decoder.push(chunk.subarray(0, part.length)); a; a = decoder.push()) arrays.push(a);
      chunk.fill(0xff);
    }
    expect(arrays.map(toNested)).toEqual(values);
  }
});

describe('the end', () => {
  test('between arrays is an end', () => {
    const decoder = new IncrementalDecoder();
    decoder.end();
    decoder.push(first);
    decoder.end();
    decoder.end();
  });

  test('inside an array is NPY_TRUNCATED', () => {
    for (let cut = 1; cut < first.length; cut++) {
      const decoder = new IncrementalDecoder();
      expect(decoder.push(first.subarray(0, cut))).toBeUndefined();
      const part = cut < 128 ? 'header' : 'data';
      expect(thrownBy(() => decoder.end())).toMatchObject({
        code: 'NPY_TRUNCATED',
        fault: 'data',
        detail: { part, received: cut, expected: part === 'data' ? 144 : undefined },
      });
    }
  });

  test('inside an array rejects the stream, behind the arrays that came', async () => {
    const arrays: unknown[] = [];
    const reading = (async () => {
      for await (const view of decodeStream([together.subarray(0, 200)])) arrays.push(toNested(view));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'NPY_TRUNCATED' });
    expect(arrays).toEqual([values[0]]);
  });
});

describe('refused:', () => {
  test('the dtype, as soon as the header is there', () => {
    const decoder = new IncrementalDecoder({ dtype: 'uint8' });
    expect(thrownBy(() => decoder.push(first.subarray(0, 128)))).toMatchObject({
      code: 'NPY_DTYPE',
      detail: { expected: 'uint8', actual: 'float32' },
    });
  });

  test('a size past the limits, as soon as the header is there, and no memory is taken', () => {
    const claim = fileWithHeader(headerText({ shape: `(${2 ** 40},)` }));
    expect(thrownBy(() => new IncrementalDecoder({ limits: { maxBytes: 1e6 } }).push(claim))).toMatchObject({
      code: 'NPY_LIMIT',
    });
    expect(thrownBy(() => new IncrementalDecoder({ limits: { maxElements: 1e6 } }).push(claim))).toMatchObject({
      code: 'NPY_LIMIT',
    });
  });

  test('bytes that are no array, at the first wrong one', () => {
    expect(thrownBy(() => new IncrementalDecoder().push(Uint8Array.of(0x93, 0x4e, 0)))).toMatchObject({
      code: 'NPY_NOT_NPY',
    });
  });

  test('what is no bytes', () => {
    for (const chunk of [null, 'abc', 5, [1, 2]]) {
      expect(thrownBy(() => new IncrementalDecoder().push(chunk as unknown as Uint8Array))).toMatchObject({
        code: 'NPY_ARRAY',
      });
    }
  });

  test('everything after a failure, with the same error: nobody knows where the next array starts', () => {
    const decoder = new IncrementalDecoder();
    const error = thrownBy(() => decoder.push(Uint8Array.of(1)));
    expect(thrownBy(() => decoder.push(first))).toBe(error);
    expect(thrownBy(() => decoder.push())).toBe(error);
    expect(thrownBy(() => decoder.end())).toBe(error);
  });

  test.each([undefined, 5, {}])('%s as a stream', async (chunks) => {
    await expect(collect(decodeStream(chunks as unknown as Uint8Array[]))).rejects.toMatchObject({ code: 'NPY_ARRAY' });
  });
});

test('a stream’s own error passes through untouched, and break releases it', async () => {
  const own = new Error('own');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield first;
    throw own;
  }
  await expect(collect(decodeStream(failing()))).rejects.toBe(own);
  let released = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield together;
    } finally {
      released = true;
    }
  }
  for await (const _ of decodeStream(endless())) break;
  expect(released).toBe(true);
});

describe('a web stream', () => {
  /** Returns the stream as a runtime has it whose web streams have no async iterator. */
  const withoutIterator = <T>(stream: ReadableStream<T>): ReadableStream<T> =>
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
  const bodyOf = (): ReadableStream<Uint8Array> | null => new Response(together).body;

  test('the body of a response, with an iterator and without', async () => {
    expect(await collect(decodeStream(bodyOf()))).toEqual(values);
    const body = bodyOf();
    expect(await collect(decodeStream(body && withoutIterator(body)))).toEqual(values);
  });

  test('a response without a body has no arrays', async () => {
    const { body } = new Response(null);
    expect(body).toBe(null);
    expect(await collect(decodeStream(body))).toEqual([]);
  });

  test('is cancelled by whoever stops early', async () => {
    const cancel = vi.fn();
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => controller.enqueue(first);
    for await (const _ of decodeStream(withoutIterator(new ReadableStream({ pull, cancel })))) break;
    expect(cancel).toHaveBeenCalledOnce();
    const bad = withoutIterator(new ReadableStream({ start: (c) => c.enqueue(Uint8Array.of(1, 2, 3)), cancel }));
    await expect(collect(decodeStream(bad))).rejects.toMatchObject({ code: 'NPY_NOT_NPY' });
    expect(cancel).toHaveBeenCalledTimes(2);
  });

  test('fails with its own error, and inside an array with ours', async () => {
    const own = new Error('the network is gone');
    const failing = withoutIterator(new ReadableStream({ start: (controller) => controller.error(own) }));
    await expect(collect(decodeStream(failing))).rejects.toBe(own);
    const cut = withoutIterator(new Blob([first.slice(0, 130)]).stream());
    await expect(collect(decodeStream(cut))).rejects.toMatchObject({ code: 'NPY_TRUNCATED' });
  });
});
