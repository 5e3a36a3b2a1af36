// The compiler infers the dtype of an array that is made of typed values, and narrows one whose dtype was compared. The file is
// checked by `tsc -p tsconfig.programs.json --noEmit`; never run.
import ndarray, { type NdArray } from 'ndarray';
import { expectTypeOf } from 'vitest';
import * as core from '../../src/core.ts';
import * as npy from '../../src/index.ts';
import * as views from '../../src/views.ts';

declare const bytes: Uint8Array;
declare const clamped: Uint8ClampedArray;
declare const values: Record<'numbers', number[]> & Record<'texts', string[]> & Record<'any', npy.Nested>;

// Typed arrays and stores keep their dtype, alone, in an ndarray and in a view.
expectTypeOf(npy.array(new Uint8Array(4), [2, 2])).toEqualTypeOf<NdArray<Uint8Array>>();
expectTypeOf(npy.array(new Uint8Array(4), { shape: [2, 2] }).get(0, 0)).toEqualTypeOf<number>();
expectTypeOf(npy.array(Buffer.alloc(4))).toEqualTypeOf<NdArray<Uint8Array>>();
expectTypeOf(npy.array(new BigInt64Array(4), [4])).toEqualTypeOf<npy.TypedNdArray<'int64'>>();
expectTypeOf(npy.array(new Float16Array(4))).toEqualTypeOf<NdArray<npy.Float16Data>>();
expectTypeOf(npy.array(new npy.BoolStore(4)).get(0)).toEqualTypeOf<boolean>();
expectTypeOf(npy.array(new npy.Float8Store('float8_e5m2', 4))).toEqualTypeOf<npy.NdArrayOf<'float8_e5m2'>>();
expectTypeOf(npy.array(ndarray(new Float32Array(4), [2, 2]))).toEqualTypeOf<NdArray<Float32Array>>();
expectTypeOf(npy.array({ data: new Float64Array(4), shape: [2, 2] })).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array(core.decode(bytes, { dtype: 'str' }))).toEqualTypeOf<npy.TypedNdArray<'str'>>();
expectTypeOf(npy.array(npy.decode(bytes))).toEqualTypeOf<npy.AnyNdArray>();

// The pixels of a canvas stay clamped, unless another dtype is asked for.
expectTypeOf(npy.array(clamped, [1, 1, 4])).toEqualTypeOf<NdArray<Uint8ClampedArray>>();
expectTypeOf(npy.array({ data: clamped })).toEqualTypeOf<NdArray<Uint8ClampedArray>>();
expectTypeOf(npy.array(clamped, { dtype: 'float32' })).toEqualTypeOf<NdArray<Float32Array>>();

// Lists get the dtype of their values, and empty lists that which NumPy gives them.
expectTypeOf(npy.array([1, 2.5])).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(
  npy.array([
    [1, 2],
    [3, 4],
  ]),
).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array(values.numbers)).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array([])).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array(3)).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array([[true], [false]])).toEqualTypeOf<npy.TypedNdArray<'bool'>>();
expectTypeOf(npy.array(['Ada', 'Grace'])).toEqualTypeOf<npy.TypedNdArray<'str'>>();
expectTypeOf(npy.array(values.texts)).toEqualTypeOf<npy.NdArrayOf<'str' | 'float64'>>();
expectTypeOf(npy.array([1n])).toEqualTypeOf<npy.NdArrayOf<'int64' | 'uint64'>>();
expectTypeOf(npy.array([new Date(0)])).toEqualTypeOf<npy.TypedNdArray<'datetime64'>>();
expectTypeOf(npy.array([{ re: 1, im: 2 }])).toEqualTypeOf<npy.TypedNdArray<'complex128'>>();
expectTypeOf(npy.array([new Int16Array(2), new Int16Array(2)])).toEqualTypeOf<NdArray<Int16Array>>();
expectTypeOf(npy.array([new Int16Array(2), new Uint8Array(2)])).toEqualTypeOf<npy.AnyNdArray>();
expectTypeOf(npy.array([1, true])).toEqualTypeOf<npy.NdArrayOf<'float64' | 'bool'>>();
expectTypeOf(npy.array(values.any)).toEqualTypeOf<npy.AnyNdArray>();
expectTypeOf(npy.array(npy.toNested(npy.array([1])))).toEqualTypeOf<npy.AnyNdArray>();
expectTypeOf(npy.array({ data: [1, 2, 3, 4], shape: [2, 2] })).toEqualTypeOf<NdArray<Float64Array>>();
expectTypeOf(npy.array({ data: [1, 2], dtype: 'int8' })).toEqualTypeOf<NdArray<Int8Array>>();
expectTypeOf(views.fromNested([[1, 2]])).toEqualTypeOf<core.NpyView<'float64'>>();
expectTypeOf(views.fromNested([1, 2], '<f4')).toEqualTypeOf<core.NpyView<'float32'>>();

// A dtype that the caller asks for takes precedence.
expectTypeOf(npy.array(values.any, { dtype: 'int16', shape: [2] })).toEqualTypeOf<NdArray<Int16Array>>();
expectTypeOf(npy.array(['a'], { dtype: '<U5' })).toEqualTypeOf<npy.AnyNdArray>();
// @ts-expect-error a shape is a list of numbers
npy.array([1], ['1']);

// toNested returns lists of the array's elements.
expectTypeOf(npy.toNested(npy.array([[1, 2]]))).toEqualTypeOf<npy.NestedArray<number>>();
expectTypeOf(npy.toNested(npy.array(new BigInt64Array(4)))).toEqualTypeOf<npy.NestedArray<bigint>>();
expectTypeOf(core.toNested(core.decode(bytes, { dtype: 'str' }))).toEqualTypeOf<npy.NestedArray<string>>();
expectTypeOf(npy.toNested(npy.decode(bytes, { dtype: 'object' }))).toEqualTypeOf<npy.NestedArray<unknown>>();
expectTypeOf(npy.toNested(npy.decode(bytes))).toEqualTypeOf<npy.NestedArray<npy.Element>>();
expectTypeOf(npy.toNested({ data: bytes as unknown })).toEqualTypeOf<npy.NestedArray<npy.Element>>();

// dtypeOf returns the dtype that the compiler has inferred.
expectTypeOf(npy.dtypeOf(new Uint8Array())).toEqualTypeOf<'uint8'>();
expectTypeOf(npy.dtypeOf(clamped)).toEqualTypeOf<'uint8'>();
expectTypeOf(npy.dtypeOf(ndarray(new Float32Array(4)))).toEqualTypeOf<'float32'>();
expectTypeOf(npy.dtypeOf(new npy.BoolStore(1))).toEqualTypeOf<'bool'>();
expectTypeOf(npy.dtypeOf(npy.decode(bytes))).toEqualTypeOf<npy.DTypeName>();
expectTypeOf(npy.dtypeOf({ data: bytes as unknown })).toEqualTypeOf<npy.DTypeName | undefined>();

// A comparison of `dtype` with NumPy's name narrows a view.
const view = core.decode(bytes);
if (view.dtype === 'float32') expectTypeOf(view.data).toEqualTypeOf<Float32Array>();
else if (view.dtype === 'bool') expectTypeOf(view.data.get(0)).toEqualTypeOf<boolean>();
else expectTypeOf(view.dtype).toEqualTypeOf<Exclude<npy.DTypeName, 'float32' | 'bool'>>();
const { dtype, data } = core.decode(bytes);
if (dtype === 'int64') expectTypeOf(data[0]).toEqualTypeOf<bigint | undefined>();
const field = views.field(view, 'x');
if (field.dtype === 'str') expectTypeOf(field.data).toEqualTypeOf<npy.StrStore>();

// A comparison with ndarray's own name narrows an ndarray over a typed array.
const any = npy.decode(bytes);
if (any.dtype === 'float32') expectTypeOf(any).toEqualTypeOf<NdArray<Float32Array>>();
else expectTypeOf(any).toEqualTypeOf<Exclude<npy.AnyNdArray, NdArray<Float32Array>>>();
// @ts-expect-error ndarray's name for it is `generic`; hasDType narrows it
if (any.dtype === 'bool') any;

// hasDType narrows to any dtype.
if (npy.hasDType(any, 'float32')) {
  expectTypeOf(any).toEqualTypeOf<NdArray<Float32Array>>();
  expectTypeOf(any.get(0)).toEqualTypeOf<number>();
} else expectTypeOf(any).toEqualTypeOf<Exclude<npy.AnyNdArray, NdArray<Float32Array>>>();
if (npy.hasDType(any, 'bool')) expectTypeOf(any).toEqualTypeOf<npy.TypedNdArray<'bool'>>();
if (npy.hasDType(any.data, 'str')) expectTypeOf(any.data).toEqualTypeOf<npy.StrStore>();
if (core.hasDType(view, 'int64')) expectTypeOf(view).toEqualTypeOf<core.NpyView<'int64'>>();
declare const loose: npy.TypedNdArray;
if (npy.hasDType(loose, 'uint8')) expectTypeOf(loose).toExtend<NdArray<Uint8Array>>();
switch (true) {
  case npy.hasDType(any, 'uint8'):
    expectTypeOf(any.data).toEqualTypeOf<Uint8Array>();
    break;
  case npy.hasDType(any, 'datetime64'):
    expectTypeOf(any.data.toDate(0)).toEqualTypeOf<Date | undefined>();
}

// If hasDType is given one of several names, a result of `false` excludes none of them.
declare const wanted: 'float32' | 'float64';
if (npy.hasDType(any, wanted)) expectTypeOf(any.get(0)).toEqualTypeOf<number>();
else expectTypeOf(any).toEqualTypeOf<npy.AnyNdArray>();
if (core.hasDType(view, wanted)) expectTypeOf(view.dtype).toEqualTypeOf<'float32' | 'float64'>();
else expectTypeOf(view).toEqualTypeOf<core.NpyView>();
