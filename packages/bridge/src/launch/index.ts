// @bridge/bridge/launch: start an unmodified model, keep it alive, call it.

export { dockerRuntime } from './docker/runtime.ts';
export type { ModelFault } from './errors.ts';
export { launch } from './launch.ts';
export type {
  Launched,
  LaunchedConnectOptions,
  RestartOptions,
  StopOptions,
} from './launched.ts';
export type { LogLine, LogSource } from './log.ts';
export type { LaunchedLog } from './logs.ts';
export type {
  BuildSpec,
  Ending,
  Gpus,
  Instance,
  LanePlan,
  Listening,
  LogSink,
  Mount,
  Plan,
  Program,
  Route,
  RouteOptions,
  Runtime,
  Usage,
} from './runtime.ts';
export type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchOptions, LaunchSpec, PerReplica } from './spec.ts';
export type { LaunchEvent, LaunchedStats, ReplicaFigures, ReplicaState } from './state.ts';
