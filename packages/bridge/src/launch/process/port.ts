// Whether somebody else has the port that a model is to listen on, and whose affair that is.
import { listenersOf } from '@bridge/transport/turns';
import { BridgeError } from '../../errors.ts';
import { isLaunchOfThisProcess, LAUNCH_VARIABLE } from '../host.ts';
import { haveSocket, ownerOf, processesWith } from './kernel.ts';

/**
 * @param ours the processes that may have it
 * @returns BRIDGE_LAUNCH: `caller` where this program has launched who has it, else `environment`; undefined: nobody has it
 */
export async function portTaken(port: number, ours: readonly number[] = []): Promise<BridgeError | undefined> {
  const taken = (await listenersOf(port)).find(({ on, inode }) => on !== 'address' && !haveSocket(ours, inode));
  if (!taken) return undefined;
  const owner = ownerOf(taken.inode);
  const launchedHere = owner && processesWith(LAUNCH_VARIABLE, isOfThisProcess).includes(owner.pid);
  const who = owner ? `process ${owner.pid} (${owner.name})` : 'a process of somebody else';
  const whose = launchedHere ? ', which this program has launched,' : '';
  const message = `port ${port} is taken: ${who}${whose} listens on ${taken.address}`;
  const fault = launchedHere ? 'caller' : 'environment';
  return new BridgeError('BRIDGE_LAUNCH', message, { port, address: taken.address, owner }, { fault });
}

/** A mark is the launch's name and the replica's number. */
function isOfThisProcess(mark: string): boolean {
  return isLaunchOfThisProcess(mark.split('.')[0] ?? '');
}
