// launch, loaded when it is first used: it needs Node, and whoever only connects need not have that.
import type { Launched } from './launched.ts';
import type { LaunchSpec } from './spec/spec.ts';

/**
 * Starts a finished model, as a plain process (`command`) or as a container (`image`, `build`), with nothing in it changed; waits until
 * it is ready, without a connection that could end it; and keeps it alive until it is stopped.
 *
 * @throws BridgeError BRIDGE_LAUNCH when it does not become ready, with its exit code and the last that it wrote
 *   (`detail.fault`, `detail.lastWords`), as soon as it has ended; BRIDGE_OPTION; `signal.reason`
 * @example
 * await using launched = await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
 * await using model = launched.connect();
 * const boxes = await model.call(frame);
 */
export async function launch(spec: LaunchSpec): Promise<Launched> {
  const { launch: start } = await import('./launch.ts');
  return await start(spec);
}
