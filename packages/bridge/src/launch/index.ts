// @bridge/bridge/launch: start an unmodified model, keep it alive, call it.

export { dockerRuntime } from './docker/docker-runtime.ts';
export type { ModelFault } from './errors.ts';
export type {
  Launched,
  LaunchedConnectOptions,
  RestartOptions,
  StopOptions,
} from './launched.ts';
export type { LogLine, LogSource } from './log/log.ts';
export type { LaunchedLog } from './log/merged-log.ts';
export type { LaunchEvent, LaunchedStats, ReplicaFigures, ReplicaState } from './replica/state.ts';
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
export type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchOptions, LaunchSpec, PerReplica } from './spec/spec.ts';
export { launch } from './start-launch.ts';
