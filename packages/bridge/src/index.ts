// @bridge/bridge: call an unmodified Python model from TypeScript, or be called by one.
export { type ConnectOptions, connect, type ModelFor } from './connect.ts';
export type { Dialect, OneWayDialect } from './dialects/dialect.ts';
export type { Framings, LengthPrefix, PrefixedOptions } from './dialects/prefixed.ts';
export { dialects } from './dialects.ts';
export { BridgeError, type BridgeErrorCode, type BridgeFault, isBridgeError } from './errors.ts';
export { npyMessage } from './framing/npy-message.ts';
export type { Launched } from './launch/launched.ts';
export type { LaunchSpec } from './launch/spec.ts';
export { launch } from './lazy-launch.ts';
export type { HostOptions, OnError } from './listen-at.ts';
export type {
  CallOptions,
  CloseOptions,
  Model,
  ModelUse,
  OneWayModel,
  Retry,
  SendOptions,
  StreamOptions,
} from './model.ts';
export type { GuardedOptions, Target } from './open-guard.ts';
export { type Relay, type RelayOptions, relay } from './relay.ts';
export type { ArrayKind, ArraySchema } from './schema.ts';
export { type ArrayHandler, type ServeContext, type ServeOptions, serve } from './serve.ts';
export type { CallTrace, ModelEvent } from './stats/channels.ts';
export type { ReplicaStats, Stats } from './stats/ledger.ts';
export type { Summary } from './stats/quantiles.ts';
export type { StreamResult } from './stream.ts';
