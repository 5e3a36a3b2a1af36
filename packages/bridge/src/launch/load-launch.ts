// `launch`, whose code is loaded when it is first called: it needs Node, and a program that only connects may run elsewhere.
import type { Launched } from './launched.ts';
import type { LaunchSpec } from './spec/spec.ts';

/**
 * Starts an unmodified model as a plain process (`command`) or as a container (`image`, `build`). Resolves when the model is ready,
 * which is found out without a connection, because a connection could end it. Keeps the model alive until it is stopped.
 *
 * @throws BridgeError BRIDGE_LAUNCH, as soon as the model has ended, if it does not become ready, with its exit code and its last lines
 *   (`detail.fault`, `detail.lastWords`); BRIDGE_OPTION; `signal.reason` when aborted
 * @example
 * await using launched = await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
 * await using model = launched.connect();
 * const boxes = await model.call(frame);
 */
export async function launch(spec: LaunchSpec): Promise<Launched> {
  const { launch: start } = await import('./start-launch.ts');
  return await start(spec);
}
