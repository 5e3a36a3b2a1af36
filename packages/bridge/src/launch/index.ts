// @bridge/bridge/launch: start an unmodified model, keep it alive, call it. The exports are in the order in which users meet them.

// Start a model.

export type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchOptions, LaunchSpec, PerReplica } from './spec/spec.ts';
export { launch } from './start-launch.ts';

// Call it, scale it, restart it, stop it.

export type { Launched, LaunchedConnectOptions, RestartOptions, StopOptions } from './launched.ts';

// See what it does.

export type { ModelFault } from './launch-errors.ts';
export type { LaunchedLog } from './log/launched-log.ts';
export type { LogLine, LogSource } from './log/log.ts';
export type { LaunchEvent, LaunchedStats, ReplicaFigures, ReplicaState } from './replica/state.ts';

// Choose where it runs, or write a runtime.

export { dockerRuntime } from './docker/docker-runtime.ts';
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
