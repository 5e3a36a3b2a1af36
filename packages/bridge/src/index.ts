// @bridge/bridge: call an unmodified Python model from TypeScript, or be called by one.

export type { ArrayKind, ArraySchema } from './codecs/schema.ts';
export type { Dialect, OneWayDialect } from './dialects/dialect.ts';
export { dialects } from './dialects/named.ts';
export { npyMessage } from './dialects/npy-message.ts';
export type { Framings, LengthPrefix, PrefixedOptions } from './dialects/prefixed.ts';
export { BridgeError, type BridgeErrorCode, type BridgeFault, isBridgeError } from './errors/bridge-error.ts';
export type { HostOptions, OnError } from './fronts/listen-at.ts';
export { type Relay, type RelayOptions, relay } from './fronts/relay.ts';
export { type ArrayHandler, type ServeContext, type ServeOptions, serve } from './fronts/serve.ts';
export type { Launched } from './launch/launched.ts';
export { launch } from './launch/lazy.ts';
export type { LaunchSpec } from './launch/spec/spec.ts';
export { type ConnectOptions, connect, type ModelFor } from './model/connect.ts';
export type {
  CallOptions,
  CloseOptions,
  Model,
  ModelUse,
  OneWayModel,
  Retry,
  SendOptions,
  StreamOptions,
} from './model/model.ts';
export type { GuardedOptions, Target } from './model/open-guard.ts';
export type { StreamResult } from './model/stream.ts';
export type { CallTrace, ModelEvent } from './observe/channels.ts';
export type { ReplicaStats, Stats } from './observe/ledger.ts';
export type { Summary } from './observe/quantiles.ts';
