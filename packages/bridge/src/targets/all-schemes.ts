// The table of all schemes, and the options of all of them together. A new scheme is its file and an entry here.
import type { Names } from '../errors/options.ts';
import { memory } from './memory-scheme.ts';
import type { Scheme } from './scheme.ts';
import { tcp } from './tcp-scheme.ts';
import { unix } from './unix-scheme.ts';

/** The schemes, in the order in which error messages and help name them. */
export const SCHEMES: readonly [typeof tcp, typeof unix, typeof memory] = [tcp, unix, memory];

type CallOptionsOf<S> = S extends Scheme<infer Call, infer _> ? Call : never;
type HostOptionsOf<S> = S extends Scheme<infer _, infer Host> ? Host : never;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The options with which the addresses of all schemes are called, together. */
export type SchemeCallOptions = Intersection<CallOptionsOf<(typeof SCHEMES)[number]>>;

/** The options with which the addresses of all schemes are listened at, together. */
export type SchemeHostOptions = Intersection<HostOptionsOf<(typeof SCHEMES)[number]>>;

/** The names of SchemeCallOptions, for functions that have other options as well. */
export const CALL_OPTIONS: Names<SchemeCallOptions> = Object.assign({}, ...SCHEMES.map((each) => each.callOptions));

/** The names of SchemeHostOptions, for functions that have other options as well. */
export const HOST_OPTIONS: Names<SchemeHostOptions> = Object.assign({}, ...SCHEMES.map((each) => each.hostOptions));
