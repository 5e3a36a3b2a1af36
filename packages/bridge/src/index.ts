// @bridge/bridge: call an unmodified Python model from TypeScript, or be called by a Python program. The exports are in the order in
// which users meet them.

// Arrays. All of @bridge/npy works with them, such as `load` and `save` of @bridge/npy/node.

export {
  type AnyNdArray,
  type ArrayInput,
  array,
  type DTypeName,
  dtypeOf,
  hasDType,
  type NdArrayOf,
  toNested,
} from '@bridge/npy';

// Call a model.

export { type ConnectOptions, connect, type ModelFor } from './model/connect.ts';
export type { GuardedOptions, Target } from './model/make-guard.ts';
export type {
  CallOptions,
  CloseOptions,
  Model,
  ModelUse,
  NamedArraysModel,
  OneWayModel,
  Retry,
  SendOptions,
  StreamOptions,
} from './model/model.ts';
export type { StreamResult } from './model/model-stream.ts';

// Start a model, and keep it alive.

export type { Ending, ModelFault } from './errors/model-fault.ts';
export type { Launched, LaunchedConnectOptions, RestartOptions, StopOptions } from './launch/launched.ts';
export { launch } from './launch/load-launch.ts';
export type { LaunchedLog } from './launch/log/launched-log.ts';
export type { LogLine } from './launch/log/log.ts';
export type { LaunchEvent, LaunchedStats } from './launch/replica/state.ts';
export type { LaunchSpec } from './launch/spec/spec.ts';

// Be called: by Python programs that send arrays, with a handler (`serve`) or with a model that receives them in turn (`relay`).

export { type Relay, type RelayOptions, relay } from './fronts/relay.ts';
export { type ArrayHandler, type HandlerFor, type ServeContext, type ServeOptions, serve } from './fronts/serve.ts';
export type { HostOptions } from './targets/host-options.ts';
export type { OnError } from './targets/scheme.ts';

// Dialects frame messages, codecs put arrays into messages, and schemas declare arrays.

export * as codecs from './codecs/all-codecs.ts';
export type { ArrayHeader, DecodedHeader } from './codecs/array-header.ts';
export type { CodecOption } from './codecs/check-codec.ts';
export type {
  ArrayCodec,
  ArrayKind,
  Codec,
  CodecDecodeOptions,
  CodecPair,
  Encoded,
  Named,
  NamedArraysCodec,
} from './codecs/codec.ts';
export type { ArraySchema, Schema } from './codecs/schema.ts';
export type { ArrayOf } from './codecs/types-from-options.ts';
export { dialects } from './dialects/all-dialects.ts';
export type { Dialect, OneWayDialect } from './dialects/dialect.ts';
export { headedMessage } from './dialects/headed-message.ts';
export { npyMessage } from './dialects/npy-message.ts';
export type { PrefixedOptions } from './dialects/prefixed.ts';

// The framings that cut the bytes of one direction into messages, and greetings and acknowledgements: for a user's own dialect.

export {
  asciiLength,
  decimalLength,
  delimited,
  type Framing,
  fixedLength,
  type Listener,
  type Message,
  type NoReply,
  noReply,
  type Token,
  uintLength,
  untilClose,
} from '@bridge/transport';

// Carriers: a target may be a carrier of the user's own, which moves whole messages in its own way.

export { type Carrier, type ExchangeOptions, type ExchangeStep, type Mover, makeCarrier } from '@bridge/transport';

// Errors.

export { type AnyNpyError, isNpyError, type NpyError, type NpyErrorCode } from '@bridge/npy';
export {
  type AnyTransportError,
  isTransportError,
  type TransportError,
  type TransportErrorCode,
} from '@bridge/transport';
export {
  type AnyBridgeError,
  BridgeError,
  type BridgeErrorCode,
  type BridgeFault,
  isBridgeError,
} from './errors/bridge-error.ts';
export type { BridgeDetailByCode } from './errors/error-detail.ts';

// Watch a model.

export type { CallTrace, ModelEvent } from './observe/channels.ts';
export type { ReplicaCallStats, Stats } from './observe/ledger.ts';
export type { Summary } from './observe/quantiles.ts';
