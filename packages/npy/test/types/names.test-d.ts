// The types of the public names. `tsc -p tsconfig.programs.json --noEmit` checks this file; it is never run.
import type { NdArray } from 'ndarray';
import { expectTypeOf } from 'vitest';
import * as core from '../../src/core.ts';
import * as npy from '../../src/index.ts';
import { load } from '../../src/node/index.ts';
import * as numeric from '../../src/numeric.ts';

declare const bytes: Uint8Array;

// Each dtype name narrows the data to its store.
expectTypeOf(npy.decode(bytes, { dtype: 'bool' })).toEqualTypeOf<npy.TypedNdArray<'bool'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'int8' })).toEqualTypeOf<NdArray<Int8Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'int16' })).toEqualTypeOf<NdArray<Int16Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'int32' })).toEqualTypeOf<NdArray<Int32Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'int64' })).toEqualTypeOf<npy.TypedNdArray<'int64'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'uint8' })).toEqualTypeOf<NdArray<Uint8Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'uint16' })).toEqualTypeOf<NdArray<Uint16Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'uint32' })).toEqualTypeOf<NdArray<Uint32Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'uint64' })).toEqualTypeOf<npy.TypedNdArray<'uint64'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'float16' })).toEqualTypeOf<NdArray<npy.Float16Data>>();
expectTypeOf(npy.decode(bytes, { dtype: 'float32' })).toEqualTypeOf<NdArray<Float32Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'float64' })).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.decode(bytes, { dtype: 'complex64' })).toEqualTypeOf<npy.TypedNdArray<'complex64'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'complex128' })).toEqualTypeOf<npy.TypedNdArray<'complex128'>>();

expectTypeOf(npy.decode(bytes, { dtype: 'longdouble' })).toEqualTypeOf<NdArray<npy.LongDoubleStore>>();
expectTypeOf(npy.decode(bytes, { dtype: 'clongdouble' })).toEqualTypeOf<npy.TypedNdArray<'clongdouble'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'bfloat16' })).toEqualTypeOf<NdArray<npy.BFloat16Store>>();
expectTypeOf(npy.decode(bytes, { dtype: 'float8_e5m2' })).toEqualTypeOf<NdArray<npy.Float8Store<'float8_e5m2'>>>();
expectTypeOf(npy.decode(bytes, { dtype: 'bytes' })).toEqualTypeOf<npy.TypedNdArray<'bytes'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'str' })).toEqualTypeOf<npy.TypedNdArray<'str'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'datetime64' })).toEqualTypeOf<npy.TypedNdArray<'datetime64'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'timedelta64' })).toEqualTypeOf<npy.TypedNdArray<'timedelta64'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'void' })).toEqualTypeOf<npy.TypedNdArray<'void'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'struct' })).toEqualTypeOf<npy.TypedNdArray<'struct'>>();
expectTypeOf(npy.decode(bytes, { dtype: 'object' })).toEqualTypeOf<npy.TypedNdArray<'object'>>();

// Without a name the data may be any store.
expectTypeOf(npy.decode(bytes)).toEqualTypeOf<npy.NdArrayOf<npy.DTypeName>>();
expectTypeOf(npy.decode(bytes)).not.toBeAny();
expectTypeOf(core.decode(bytes)).toEqualTypeOf<core.NpyView>();
expectTypeOf(core.decode(bytes, { dtype: 'int64' }).data).toEqualTypeOf<BigInt64Array<ArrayBuffer>>();
expectTypeOf(core.decode(bytes, { dtype: 'int64' }).dtype).toEqualTypeOf<'int64'>();

// The elements of each store.
expectTypeOf<npy.ElementOf<'bool'>>().toEqualTypeOf<boolean>();
expectTypeOf<npy.ElementOf<'int64'>>().toEqualTypeOf<bigint>();
expectTypeOf<npy.ElementOf<'uint8' | 'float16' | 'float64'>>().toEqualTypeOf<number>();
expectTypeOf<npy.ElementOf<'str'>>().toEqualTypeOf<string>();
expectTypeOf<npy.ElementOf<'bytes' | 'void'>>().toEqualTypeOf<Uint8Array>();
expectTypeOf<npy.ElementOf<'datetime64'>>().toEqualTypeOf<bigint>();
expectTypeOf<npy.ElementOf<'struct'>>().toEqualTypeOf<npy.StructElement>();
expectTypeOf<npy.ElementOf<'complex128'>>().toEqualTypeOf<npy.Complex>();

// Every function that takes a dtype narrows its result in the same way.
expectTypeOf(npy.array([1, 2], { dtype: 'int16' })).toEqualTypeOf<NdArray<Int16Array>>();
expectTypeOf(npy.decodeStream([bytes], { dtype: 'float32' })).toEqualTypeOf<
  AsyncGenerator<NdArray<Float32Array>, undefined>
>();
expectTypeOf(npy.field(npy.decode(bytes), 'x', { dtype: 'str' })).toEqualTypeOf<npy.TypedNdArray<'str'>>();
expectTypeOf(numeric.decode(bytes, { dtype: 'int16' }).data).toEqualTypeOf<Int16Array>();
expectTypeOf(npy.array([1, 2], { dtype: '<f4' })).toEqualTypeOf<NdArray<Float32Array>>();
expectTypeOf(npy.array([1, 2], { dtype: '<f4' }).get(0)).toEqualTypeOf<number>();
expectTypeOf(npy.array([1, 2], { dtype: '>f8' })).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array([1, 2], { dtype: '|u1' })).toEqualTypeOf<NdArray<Uint8Array>>();
expectTypeOf(npy.array([1n, 2n], { dtype: '>i8' })).toEqualTypeOf<npy.TypedNdArray<'int64'>>();
expectTypeOf(npy.array(['a'], { dtype: '<U5' })).toEqualTypeOf<npy.AnyNdArray>();
expectTypeOf(npy.array([{ x: 1 }], { dtype: [['x', '<f4']] })).toEqualTypeOf<npy.NdArrayOf<npy.DTypeName>>();
expectTypeOf(load('a.npy', { dtype: 'uint8' })).resolves.toEqualTypeOf<NdArray<Uint8Array>>();
expectTypeOf(npy.allocateStore('complex64', 3)).toEqualTypeOf<npy.Complex64Store>();
expectTypeOf(new core.IncrementalDecoder({ dtype: 'float64' }).push(bytes)).toEqualTypeOf<
  core.NpyView<'float64'> | undefined
>();

// The types of results.
expectTypeOf(npy.encode([1])).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
expectTypeOf(npy.encodeParts([1])).toEqualTypeOf<[header: Uint8Array<ArrayBuffer>, body: Uint8Array<ArrayBuffer>]>();
expectTypeOf(npy.encodeInto([1], bytes)).toEqualTypeOf<number>();
expectTypeOf(npy.readHeader(bytes)).toEqualTypeOf<npy.NpyHeader | undefined>();

// The result of readHeader is assignable to the options of encode, and readHeader accepts a buffer.
expectTypeOf<npy.NpyHeader>().toExtend<npy.EncodeOptions>();
expectTypeOf(npy.readHeader).toBeCallableWith(new ArrayBuffer(8));

// encode accepts every kind of array.
expectTypeOf(npy.encode).toBeCallableWith(npy.decode(bytes));
expectTypeOf(npy.encode).toBeCallableWith(core.decode(bytes));
expectTypeOf(npy.encode).toBeCallableWith(new Float32Array(3));
expectTypeOf(npy.encode).toBeCallableWith(new npy.BoolStore(3));
expectTypeOf(npy.encode).toBeCallableWith([[1n], [2n]], { dtype: '>u8', version: [2, 0] });
expectTypeOf(npy.encode).toBeCallableWith({ re: 1, im: 2 });

expectTypeOf(npy.encode).toBeCallableWith(new Uint8ClampedArray(4));
expectTypeOf(npy.encode).toBeCallableWith(new BigInt64Array(new SharedArrayBuffer(8)));
expectTypeOf(npy.encode).toBeCallableWith({ data: [[1, 2]], shape: [1, 2], fortranOrder: false });

// The types of bytes on web platforms: the pixels of a canvas, the parts of a Blob, memory shared between threads.
declare const imageData: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };
npy.array(imageData.data, { shape: [imageData.height, imageData.width, 4] });
expectTypeOf(npy.array(imageData.data, { dtype: 'float32' })).toEqualTypeOf<NdArray<Float32Array>>();
declare const shared: SharedArrayBuffer;
npy.decode(shared);
npy.decode(new Uint8Array(shared));
npy.decode(new DataView(shared));
npy.decode(Buffer.alloc(1));
npy.readHeader(shared);
core.decode(shared, { dtype: 'uint8' });
numeric.decode(shared);
npy.decodeStream([shared]);
new Blob(npy.encodeParts([1]));
new Blob(core.encodeParts({ data: new Uint8Array(1) }));
new Blob(numeric.encodeParts({ data: new Uint8Array(1) }));
new Blob([npy.encode([1]), npy.encodeHeader({ dtype: 'uint8', shape: [1] })]);
new Response(npy.encode([1]));

// The flat elements keep their type.
expectTypeOf(npy.ravel(npy.decode(bytes, { dtype: 'float32' }))).toEqualTypeOf<Float32Array>();
expectTypeOf(npy.ravel(core.decode(bytes, { dtype: 'str' }))).toEqualTypeOf<npy.StrStore>();

// The following calls do not compile.
// @ts-expect-error an unknown name of a dtype
npy.decode(bytes, { dtype: 'float8' });
// @ts-expect-error a function is not an array
npy.encode(() => 1);
// @ts-expect-error an invalid version
npy.encode([1], { version: [4, 0] });
// @ts-expect-error an invalid limit
npy.decode(bytes, { limits: { maxBananas: 1 } });
// @ts-expect-error a bool store takes booleans
new npy.BoolStore(1).set(0, 1);

// isNpyError narrows an unknown value to NpyError.
declare const error: unknown;
if (npy.isNpyError(error)) {
  expectTypeOf(error.code).toEqualTypeOf<npy.NpyErrorCode>();
  expectTypeOf(error.fault).toEqualTypeOf<npy.NpyFault>();
}
