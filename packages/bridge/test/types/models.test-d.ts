// The options of a model determine the types of its input and its replies. The file is checked by
// `tsc -p tsconfig.programs.json --noEmit` and never run.

import type { AnyNdArray, NdArrayOf } from '@bridge/npy';
import { type Carrier, noReply, uintLength } from '@bridge/transport';
import { expectTypeOf } from 'vitest';
import {
  type ArrayCodec,
  type ConnectOptions,
  codecs,
  connect,
  type Dialect,
  dialects,
  type Launched,
  launch,
  type Model,
  type NamedArraysModel,
  type OneWayModel,
  type Retry,
} from '../../src/index.ts';

declare const target: string;
declare const carrier: Carrier;
declare const frame: AnyNdArray;
declare const launched: Launched;

// A declared dtype determines the type of the replies; a dtype in the call's options overrides it.
const boxes = connect(target, { output: { dtype: 'float32' } });
expectTypeOf(boxes).toEqualTypeOf<Model<NdArrayOf<'float32'>>>();
expectTypeOf(await boxes.call(frame)).toEqualTypeOf<NdArrayOf<'float32'>>();
expectTypeOf((await boxes.call(frame)).get(0, 4)).toEqualTypeOf<number>();
expectTypeOf(await boxes.call(frame, { timeoutMs: 5 })).toEqualTypeOf<NdArrayOf<'float32'>>();
expectTypeOf(await boxes.call(frame, { dtype: 'float64' })).toEqualTypeOf<NdArrayOf<'float64'>>();
for await (const { input, output } of boxes.stream([frame])) {
  expectTypeOf(input).toEqualTypeOf<AnyNdArray>();
  expectTypeOf(output).toEqualTypeOf<NdArrayOf<'float32'>>();
}
for await (const { output } of boxes.stream([new Uint8Array(4)], { dtype: 'int64' }))
  expectTypeOf(output).toEqualTypeOf<NdArrayOf<'int64'>>();

// The types are also right with other options, with a shape alone, with several targets, and without any option.
expectTypeOf(connect([target, carrier], { output: { dtype: 'uint8', shape: [null, 6] }, inFlight: 2 })).toEqualTypeOf<
  Model<NdArrayOf<'uint8'>>
>();
expectTypeOf(connect(target, { output: { shape: [null, 6] } })).toEqualTypeOf<Model>();
expectTypeOf(connect(target, { input: { dtype: 'uint8' } })).toEqualTypeOf<Model>();
expectTypeOf(connect(target, { schema: 'learn', output: undefined })).toEqualTypeOf<Model>();
expectTypeOf(connect(target, {})).toEqualTypeOf<Model>();
expectTypeOf(connect(target)).toEqualTypeOf<Model>();
expectTypeOf(connect(target, undefined)).toEqualTypeOf<Model>();
expectTypeOf(await connect(target).call(frame, { dtype: 'bool' })).toEqualTypeOf<NdArrayOf<'bool'>>();

// The model objects of a launched model.
expectTypeOf(launched.connect()).toEqualTypeOf<Model>();
expectTypeOf(launched.connect({ output: { dtype: 'float32' } })).toEqualTypeOf<Model<NdArrayOf<'float32'>>>();
const started = await launch({ command: ['python3', 'model.py'], port: 6000 });
expectTypeOf(started.connect({ output: { dtype: 'float32' }, inFlight: 2 })).toEqualTypeOf<
  Model<NdArrayOf<'float32'>>
>();
await launch({ image: 'model' });
await launch({ build: './model', port: (i) => 6000 + i, replicas: 2 });
await launch({ command: ['python3', 'model.py'], port: '@model' });
// @ts-expect-error a process has to be given a port
await launch({ command: ['python3', 'model.py'] });
// @ts-expect-error a container cannot listen at a path of this machine
await launch({ image: 'model', port: '@model' });
expectTypeOf(started.connect({ codec: codecs.npz })).toEqualTypeOf<NamedArraysModel>();

// Models with several named arrays.
const dialect = dialects.prefixed({ bytes: 8 });
const named = connect(target, { dialect, codec: codecs.npz });
expectTypeOf(named).toEqualTypeOf<NamedArraysModel>();
expectTypeOf(await named.call({ image: frame, state: [1, 2] })).toEqualTypeOf<{
  readonly [name: string]: AnyNdArray;
}>();
const output = { boxes: { dtype: 'float32' }, scores: { dtype: 'float64', shape: [null] }, extra: {} } as const;
const typed = await connect(target, { dialect, codec: codecs.npz, output }).call({ image: frame });
expectTypeOf(typed.boxes).toEqualTypeOf<NdArrayOf<'float32'>>();
expectTypeOf(typed.scores).toEqualTypeOf<NdArrayOf<'float64'>>();
expectTypeOf(typed.extra).toEqualTypeOf<AnyNdArray>();
const inPlace = connect(target, { codec: codecs.npz, output: { boxes: { dtype: 'int8' } } });
expectTypeOf((await inPlace.call({ image: frame })).boxes).toEqualTypeOf<NdArrayOf<'int8'>>();
for await (const { output } of inPlace.stream([{ image: frame }]))
  expectTypeOf(output.boxes).toEqualTypeOf<NdArrayOf<'int8'>>();
// @ts-expect-error one array where several by name go
named.call(frame);
// @ts-expect-error the schema has no array of this name
typed.bananas;

// With a codec for each direction the reply's codec determines the type of the reply.
const pair = { request: codecs.npy, reply: codecs.npz } as const;
expectTypeOf(connect(target, { codec: pair })).toEqualTypeOf<NamedArraysModel>();
expectTypeOf(connect(target, { codec: { request: codecs.npy, reply: codecs.npy } })).toEqualTypeOf<Model>();
expectTypeOf(connect(target, { codec: codecs.raw({ dtype: 'uint8', shape: [4] }) })).toEqualTypeOf<Model>();

// Models without replies, by their dialect or by a pair of codecs.
const oneWay = { request: uintLength({ bytes: 4 }), reply: noReply() };
expectTypeOf(connect(target, { dialect: oneWay })).toEqualTypeOf<OneWayModel>();
expectTypeOf(connect(target, { dialect: { ...dialects.numpysocket, reply: noReply() } })).toEqualTypeOf<OneWayModel>();
const silent = connect(target, { codec: { request: codecs.npz, reply: null } });
expectTypeOf(silent).toEqualTypeOf<OneWayModel<{ readonly [name: string]: import('@bridge/npy').ArrayInput }>>();
expectTypeOf(await silent.call({ image: frame })).toEqualTypeOf<undefined>();
// @ts-expect-error one array where several by name go
silent.call(frame);

// Options in a variable determine the types by the type of the variable.
const widened: ConnectOptions = { output: { dtype: 'float32' } };
const some: Model = connect(target, widened);
expectTypeOf(await some.call(frame)).toEqualTypeOf<AnyNdArray>();
const inferred = { output: { dtype: 'float32' } } as const;
expectTypeOf(connect(target, inferred)).toEqualTypeOf<Model<NdArrayOf<'float32'>>>();
const checked = { output: { dtype: 'float32' }, inFlight: 2 } satisfies ConnectOptions;
expectTypeOf(await connect(target, checked).call(frame)).toEqualTypeOf<NdArrayOf<'float32'>>();
declare const given: ConnectOptions | undefined;
expectTypeOf(await connect(target, given).call(frame)).toEqualTypeOf<AnyNdArray>();
declare const mine: { dialect: Dialect; retry?: Retry };
expectTypeOf(connect(target, mine)).toEqualTypeOf<Model>();
declare const own: ArrayCodec;
expectTypeOf(connect(target, { codec: own })).toEqualTypeOf<Model>();
// biome-ignore lint/suspicious/noExplicitAny: the type of a parsed JSON file
declare const unknownToUs: any;
expectTypeOf(connect(target, unknownToUs)).toEqualTypeOf<Model>();
declare const never: never;
expectTypeOf(connect(target, never)).toEqualTypeOf<Model>();
declare const maybeBoxes: { output?: { dtype: 'float32' } };
expectTypeOf(await connect(target, maybeBoxes).call(frame)).toEqualTypeOf<AnyNdArray>();

// The compiler refuses unknown names and wrong values.
// @ts-expect-error an unknown option
connect(target, { retryMS: 5 });
// @ts-expect-error an unknown option beside a known one
connect(target, { output: { dtype: 'float32' }, retryMS: 5 });
// @ts-expect-error an unknown name in a schema
connect(target, { output: { dtyp: 'float32' } });
// @ts-expect-error an unknown name in a schema beside a known one
connect(target, { output: { dtype: 'float32', shap: [null] } });
// @ts-expect-error an unknown name in one of several schemas
connect(target, { codec: codecs.npz, output: { boxes: { dtype: 'float32', shap: [null] } } });
// @ts-expect-error an unknown name in limits
connect(target, { limits: { maxMessageBytes: 5, stallMS: 5 } });
// @ts-expect-error no such dtype
connect(target, { output: { dtype: 'float33' } });
// @ts-expect-error the former name of an option
boxes.call(frame, { timeout: 5 });
// @ts-expect-error an option of launch, not of connect
launched.connect({ dialect: dialects.seed });
// @ts-expect-error no such option
launched.connect({ inflight: 2 });
// @ts-expect-error an unknown option of a call beside a known one
launched.connect({ inFlight: 2, inflight: 2 });
// @ts-expect-error an unknown name in a dialect
connect(target, { dialect: dialects.prefixed({ bites: 4 }) });
