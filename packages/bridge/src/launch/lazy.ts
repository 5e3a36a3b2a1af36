// `launch`, loaded when it is first used: it needs Node, and a program that only connects may run elsewhere.
import type { Launched } from './launched.ts';
import type { LaunchSpec } from './spec/spec.ts';

/**
 * Starts a finished model as a plain process (`command`) or as a container (`image`, `build`), with nothing in it changed. Resolves
 * when it is ready, which is found out without a connection that could end it. Keeps the model alive until it is stopped.
 *
 * @throws BridgeError BRIDGE_LAUNCH if the model does not become ready, with its exit code and its last lines (`detail.fault`,
 *   `detail.lastWords`), as soon as it has ended; BRIDGE_OPTION; `signal.reason`
 * @example
 * await using launched = await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
 * await using model = launched.connect();
 * const boxes = await model.call(frame);
 */
export async function launch(spec: LaunchSpec): Promise<Launched> {
  const { launch: start } = await import('./start-launch.ts');
  return await start(spec);
}
