// Every public function, called with values of every kind, throws only NpyErrors.
import { expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import * as npy from '../../src/index.ts';
import * as views from '../../src/views.ts';

const things: readonly unknown[] = [
  ...[undefined, null, 0, -1, NaN, Infinity, 5n, '', 'x', true, Symbol('s'), () => 1, {}, [], [[]], [1], [null]],
  ...[Object.create(null), new Map(), new Date(0), /x/, new Error('x'), new Proxy([], {}), new Proxy({}, {})],
  ...[new Uint8Array(3), new Uint8Array(0), new ArrayBuffer(4), new DataView(new ArrayBuffer(4)), new npy.BoolStore(2)],
  ...[
    { data: new Uint8Array(2), shape: [2] },
    { data: new Uint8Array(2), shape: null },
    { data: null, shape: [] },
  ],
  ...[
    { data: new Uint8Array(2), stride: null, offset: null },
    { data: new Uint8Array(2), offset: '0' },
  ],
  ...[
    { dtype: null },
    { dtype: 5 },
    { dtype: 'int8' },
    { descr: {} },
    { limits: null },
    { limits: 5 },
    { shape: null },
  ],
  ...[
    { shape: {} },
    { version: null },
    { version: 5 },
    { copy: 5 },
    { fortranOrder: 'no' },
    { limits: { maxBytes: '1' } },
  ],
  ...[npy.encode([1, 2]), npy.encode([true]).buffer, npy.array([1])],
];

type Call = (...args: unknown[]) => unknown;
const calls: Readonly<Record<string, Call>> = {
  decode: npy.decode as Call,
  encode: npy.encode as Call,
  encodeParts: npy.encodeParts as Call,
  encodeInto: npy.encodeInto as Call,
  readHeader: npy.readHeader as Call,
  array: npy.array as Call,
  toNested: npy.toNested as Call,
  dtypeOf: npy.dtypeOf as Call,
  allocateStore: npy.allocateStore as Call,
  isNpyError: npy.isNpyError as Call,
  'core decode': core.decode as Call,
  'core encode': core.encode as Call,
  'core encodeInto': core.encodeInto as Call,
  fromNested: views.fromNested as Call,
  IncrementalDecoder: (options, chunk) => {
    const decoder = new core.IncrementalDecoder(options as core.DecodeOptions);
    decoder.push(chunk as Uint8Array);
    decoder.push();
    decoder.end();
  },
  'stores, made': (raw) => [
    new npy.BoolStore(raw as number),
    new npy.Float16Store(raw as number),
    new npy.Complex64Store(raw as number),
  ],
  'a bool, set': (value) => new npy.BoolStore(1).set(0, value as boolean),
  'a half, set': (value) => new npy.Float16Store(1).set(0, value as number),
  'a complex number, set': (value) => new npy.Complex128Store(1).set(0, value as npy.Complex),
};

test.each(Object.keys(calls))('%s', (name) => {
  const call = calls[name] as Call;
  const others = new Set<string>();
  const attempt = (...args: unknown[]): void => {
    try {
      call(...args);
    } catch (error) {
      if (!npy.isNpyError(error)) others.add(String(error));
    }
  };
  for (const first of things) {
    for (const second of things) {
      attempt(first, second);
      for (const third of call.length === 3 || name.endsWith('Into') ? things : []) attempt(first, second, third);
    }
  }
  expect([...others]).toEqual([]);
});

test('decodeStream', async () => {
  for (const chunks of things) {
    for (const options of things) {
      try {
        for await (const _ of npy.decodeStream(chunks as Uint8Array[], options as npy.DecodeOptions));
      } catch (error) {
        expect(npy.isNpyError(error), String(error)).toBe(true);
      }
    }
  }
});
