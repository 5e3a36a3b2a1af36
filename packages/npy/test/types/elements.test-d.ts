// The types of the elements of each dtype's arrays. `tsc -p tsconfig.programs.json --noEmit` checks this file; it is never run.
import ops from 'ndarray-ops';
import { expectTypeOf } from 'vitest';
import type * as npy from '../../src/index.ts';

// The types that `get` returns and `set` accepts, for every dtype.
declare const arrays: { [D in npy.DTypeName]: npy.NdArrayOf<D> };
declare const anyArray: npy.AnyNdArray;
expectTypeOf(arrays.bool.get(0, 1)).toEqualTypeOf<boolean>();
arrays.bool.set(0, 1, true);
// @ts-expect-error bool
arrays.bool.set(0, 1);
expectTypeOf(arrays.int8.get(0, 1)).toEqualTypeOf<number>();
arrays.int8.set(0, 1, 5);
// @ts-expect-error int8
arrays.int8.set(0, '5');
expectTypeOf(arrays.int16.get(0, 1)).toEqualTypeOf<number>();
arrays.int16.set(0, 1, 5);
// @ts-expect-error int16
arrays.int16.set(0, '5');
expectTypeOf(arrays.int32.get(0, 1)).toEqualTypeOf<number>();
arrays.int32.set(0, 1, 5);
// @ts-expect-error int32
arrays.int32.set(0, '5');
expectTypeOf(arrays.int64.get(0, 1)).toEqualTypeOf<bigint>();
arrays.int64.set(0, 1, 5n);
// @ts-expect-error int64
arrays.int64.set(0, 5);
expectTypeOf(arrays.uint8.get(0, 1)).toEqualTypeOf<number>();
arrays.uint8.set(0, 1, 5);
// @ts-expect-error uint8
arrays.uint8.set(0, '5');
expectTypeOf(arrays.uint16.get(0, 1)).toEqualTypeOf<number>();
arrays.uint16.set(0, 1, 5);
// @ts-expect-error uint16
arrays.uint16.set(0, '5');
expectTypeOf(arrays.uint32.get(0, 1)).toEqualTypeOf<number>();
arrays.uint32.set(0, 1, 5);
// @ts-expect-error uint32
arrays.uint32.set(0, '5');
expectTypeOf(arrays.uint64.get(0, 1)).toEqualTypeOf<bigint>();
arrays.uint64.set(0, 1, 5n);
// @ts-expect-error uint64
arrays.uint64.set(0, 5);
expectTypeOf(arrays.float16.get(0, 1)).toEqualTypeOf<number>();
arrays.float16.set(0, 1, 5);
// @ts-expect-error float16
arrays.float16.set(0, '5');
expectTypeOf(arrays.float32.get(0, 1)).toEqualTypeOf<number>();
arrays.float32.set(0, 1, 5);
// @ts-expect-error float32
arrays.float32.set(0, '5');
expectTypeOf(arrays.float64.get(0, 1)).toEqualTypeOf<number>();
arrays.float64.set(0, 1, 5);
// @ts-expect-error float64
arrays.float64.set(0, '5');
expectTypeOf(arrays.longdouble.get(0, 1)).toEqualTypeOf<number>();
arrays.longdouble.set(0, 1, 5);
// @ts-expect-error longdouble
arrays.longdouble.set(0, '5');
expectTypeOf(arrays.complex64.get(0, 1)).toEqualTypeOf<npy.Complex>();
arrays.complex64.set(0, 1, { re: 1, im: 2 });
// @ts-expect-error complex64
arrays.complex64.set(0, 1);
expectTypeOf(arrays.complex128.get(0, 1)).toEqualTypeOf<npy.Complex>();
arrays.complex128.set(0, 1, { re: 1, im: 2 });
// @ts-expect-error complex128
arrays.complex128.set(0, 1);
expectTypeOf(arrays.clongdouble.get(0, 1)).toEqualTypeOf<npy.Complex>();
arrays.clongdouble.set(0, 1, { re: 1, im: 2 });
// @ts-expect-error clongdouble
arrays.clongdouble.set(0, 1);
expectTypeOf(arrays.bfloat16.get(0, 1)).toEqualTypeOf<number>();
arrays.bfloat16.set(0, 1, 5);
// @ts-expect-error bfloat16
arrays.bfloat16.set(0, '5');
expectTypeOf(arrays.float8_e3m4.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e3m4.set(0, 1, 5);
// @ts-expect-error float8_e3m4
arrays.float8_e3m4.set(0, '5');
expectTypeOf(arrays.float8_e4m3.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e4m3.set(0, 1, 5);
// @ts-expect-error float8_e4m3
arrays.float8_e4m3.set(0, '5');
expectTypeOf(arrays.float8_e4m3b11fnuz.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e4m3b11fnuz.set(0, 1, 5);
// @ts-expect-error float8_e4m3b11fnuz
arrays.float8_e4m3b11fnuz.set(0, '5');
expectTypeOf(arrays.float8_e4m3fn.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e4m3fn.set(0, 1, 5);
// @ts-expect-error float8_e4m3fn
arrays.float8_e4m3fn.set(0, '5');
expectTypeOf(arrays.float8_e4m3fnuz.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e4m3fnuz.set(0, 1, 5);
// @ts-expect-error float8_e4m3fnuz
arrays.float8_e4m3fnuz.set(0, '5');
expectTypeOf(arrays.float8_e5m2.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e5m2.set(0, 1, 5);
// @ts-expect-error float8_e5m2
arrays.float8_e5m2.set(0, '5');
expectTypeOf(arrays.float8_e5m2fnuz.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e5m2fnuz.set(0, 1, 5);
// @ts-expect-error float8_e5m2fnuz
arrays.float8_e5m2fnuz.set(0, '5');
expectTypeOf(arrays.float8_e8m0fnu.get(0, 1)).toEqualTypeOf<number>();
arrays.float8_e8m0fnu.set(0, 1, 5);
// @ts-expect-error float8_e8m0fnu
arrays.float8_e8m0fnu.set(0, '5');
expectTypeOf(arrays.bytes.get(0, 1)).toEqualTypeOf<Uint8Array>();
arrays.bytes.set(0, 1, new Uint8Array(2));
arrays.bytes.set(0, 1, 'ab');
// @ts-expect-error bytes
arrays.bytes.set(0, 1);
expectTypeOf(arrays.str.get(0, 1)).toEqualTypeOf<string>();
arrays.str.set(0, 1, 'ab');
// @ts-expect-error str
arrays.str.set(0, 1);
expectTypeOf(arrays.datetime64.get(0, 1)).toEqualTypeOf<bigint>();
arrays.datetime64.set(0, 1, 5n);
arrays.datetime64.set(0, 1, new Date(0));
arrays.datetime64.set(0, 1, 5);
// @ts-expect-error datetime64
arrays.datetime64.set(0, '2024');
expectTypeOf(arrays.timedelta64.get(0, 1)).toEqualTypeOf<bigint>();
arrays.timedelta64.set(0, 1, 5n);
arrays.timedelta64.set(0, 1, 5);
// @ts-expect-error timedelta64
arrays.timedelta64.set(0, '1');
expectTypeOf(arrays.void.get(0, 1)).toEqualTypeOf<Uint8Array>();
arrays.void.set(0, 1, new Uint8Array(2));
// @ts-expect-error void
arrays.void.set(0, 'ab');
expectTypeOf(arrays.struct.get(0, 1)).toEqualTypeOf<npy.StructElement>();
arrays.struct.set(0, 1, { x: 1 });
arrays.struct.set(0, 1, [1]);
// @ts-expect-error struct
arrays.struct.set(0, 1);
expectTypeOf(arrays.object.get(0, 1)).toEqualTypeOf<unknown>();
arrays.object.set(0, 1, 'a');
arrays.object.set(0, 1, null);

expectTypeOf(arrays.struct.get(0)['x']).toEqualTypeOf<unknown>();
expectTypeOf(arrays.str.data.descr).toEqualTypeOf<npy.Descr>();
expectTypeOf(arrays.datetime64.data.toDate(0)).toEqualTypeOf<Date | undefined>();
// @ts-expect-error an index is a number
arrays.str.get('0');
expectTypeOf(anyArray.get(0)).toEqualTypeOf<unknown>();
// @ts-expect-error the program has to compare the dtype first
anyArray.set(0, 5n);

// Methods that return another view keep the dtype.
expectTypeOf(arrays.int64.lo(1).hi(2).step(-1).transpose(1, 0).pick(null, 0)).toEqualTypeOf<
  npy.TypedNdArray<'int64'>
>();
expectTypeOf(arrays.int64.index(0)).toEqualTypeOf<number>();

// Arrays of numbers are assignable to the types of other packages for ndarray; arrays of any dtype are assignable to the general
// types of this package.
ops.assign(arrays.uint8, arrays.uint8);
ops.addeq(arrays.float32, arrays.uint8);
ops.assign(arrays.float32, arrays.float32);
expectTypeOf<npy.NdArrayOf<npy.DTypeName>>().toEqualTypeOf<npy.AnyNdArray>();
declare function takesAny(array: npy.AnyNdArray): void;
takesAny(arrays.float32);
takesAny(arrays.bfloat16);
takesAny(arrays.int64);
takesAny(arrays.struct);
takesAny(arrays.object);
