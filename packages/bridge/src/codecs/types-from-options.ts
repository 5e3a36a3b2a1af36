// Types for `connect`, `launch` and `serve`: they tell the compiler which arrays the codec and the schemas in an options object allow.
import type { AnyNdArray, DTypeName, NdArrayOf } from '@bridge/npy';
import type { CodecOption } from './check-codec.ts';
import type { ArrayCodec, Codec, CodecPair, Named } from './codec.ts';
import type { ArraySchema } from './schema.ts';

/** True for `any` and for `never`, which say nothing about the options. */
export type TellsNothing<O> = 0 extends 1 & O ? true : [O] extends [never] ? true : false;

/** The codec of the options, else that of their dialect, else npy's. */
type CodecIn<O> = O extends { readonly codec: infer C extends CodecOption }
  ? C
  : O extends { readonly dialect: { readonly codec: infer C extends CodecOption } }
    ? C
    : ArrayCodec;

/** The codec of requests in options of type `O`. */
export type RequestCodec<O> = CodecIn<O> extends CodecPair<infer R> ? R : CodecIn<O>;

/** The codec of replies in options of type `O`; null if there are no replies. */
export type ReplyCodec<O> = CodecIn<O> extends CodecPair<Codec, infer R> ? R : CodecIn<O>;

/** The type of the schema in the option `input` or `output` of options of type `O`; undefined if they have none. */
export type SchemaIn<O, Name extends 'input' | 'output'> = O extends { readonly [N in Name]: infer S } ? S : undefined;

/** An array of the dtype that a schema declares; of any dtype if it declares none. */
export type ArrayOf<S> = S extends { readonly dtype: infer D extends DTypeName } ? NdArrayOf<D> : AnyNdArray;

/** Arrays by name, each as its schema declares it. */
export type NamedArraysOf<S> =
  S extends Named<ArraySchema> ? { readonly [Name in keyof S]: ArrayOf<S[Name]> } : Named<AnyNdArray>;

/**
 * Rejects unknown names in an options object. The compiler does not do so for an object whose type it infers. In an intersection
 * with the type of the object, this type allows no property that `Known` does not have, nor an unknown name in a schema or in `limits`.
 */
export type KnownNames<O, Known> = {
  readonly [Name in keyof O]: Name extends keyof Known
    ? Name extends 'limits'
      ? NoOtherNames<O[Name], NonNullable<Known[Name]>>
      : Name extends 'input' | 'output'
        ? KnownInSchema<O[Name]>
        : unknown
    : never;
};

type KnownInSchema<S> =
  S extends Named<ArraySchema>
    ? { readonly [Name in keyof S]: NoOtherNames<S[Name], ArraySchema> }
    : NoOtherNames<S, ArraySchema>;

/** Allows no property that `Known` does not have. If there is no such property, the type is `unknown`, which changes nothing. */
type NoOtherNames<T, Known> = [Exclude<keyof T, keyof Known>] extends [never]
  ? unknown
  : { readonly [Name in Exclude<keyof T, keyof Known>]: never };
