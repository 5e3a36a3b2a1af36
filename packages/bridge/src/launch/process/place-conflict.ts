// Checks that a place (a port or Unix socket) is free for a model. If the place is not free, an error says which program has it, or that
// the kernel keeps it, and whose fault that is.
import { BridgeError } from '../../errors/bridge-error.ts';
import { quoted } from '../../errors/quoted.ts';
import { isLaunchOfThisProcess, LAUNCH_VARIABLE } from '../leftovers/launch-name.ts';
import { readTables } from './listener-check.ts';
import type { ListenPlace } from './place.ts';
import { isHolder, ownerOf, processesWith } from './procfs.ts';

/**
 * Resolves with an error if another program listens at a place.
 * @param ours the numbers of processes that may listen there
 * @returns a promise of BRIDGE_LAUNCH, `detail.reason` "taken"; its fault is `caller` if this program has launched the other one, else
 *   `environment`; undefined if no other program listens there
 */
export async function placeTaken(place: ListenPlace, ours: readonly number[] = []): Promise<BridgeError | undefined> {
  const listeners = place.listenersIn(await readTables(place.tables('self')));
  const taken = listeners.find(({ on, inode }) => on !== 'address' && !ours.some((pid) => isHolder(pid, inode)));
  if (!taken) return undefined;
  const owner = ownerOf(taken.inode);
  const launchedHere = owner && processesWith(LAUNCH_VARIABLE, isOfThisProcess).includes(owner.pid);
  const who = owner ? `process ${owner.pid} (${quoted(owner.name)})` : 'a process of another user';
  const whose = launchedHere ? ', which this program has launched,' : '';
  const where = taken.on === 'unix' ? 'there' : `on ${taken.address}`;
  const message = `${place.name} is taken: ${who}${whose} listens ${where}; stop it, or launch with another \`port\``;
  const detail = { ...place.detail, reason: 'taken' as const, address: taken.address, owner };
  return new BridgeError('BRIDGE_LAUNCH', message, detail, { fault: launchedHere ? 'caller' : 'environment' });
}

/**
 * Resolves with an error if the kernel keeps a place where nothing listens. A program that does not set SO_REUSEADDR cannot listen
 * there either.
 * @returns a promise of BRIDGE_LAUNCH, `detail.reason` "kept"; undefined if the kernel does not keep the place
 */
export async function placeKept(place: ListenPlace): Promise<BridgeError | undefined> {
  const lingering = place.lingeringIn(await readTables(place.tables('self')));
  if (lingering.length === 0) return undefined;
  const seconds = lingering.reduce<number | undefined>((most, { seconds }) => {
    return seconds === undefined ? most : Math.max(seconds, most ?? 0);
  }, undefined);
  const ended = seconds !== undefined;
  const what = ended ? `a connection that has ended, for up to ${seconds} s more (TIME_WAIT)` : 'a connection';
  const message = `${place.name} is kept by ${what}: a program that sets SO_REUSEADDR before it binds need not wait for that`;
  const detail = { ...place.detail, reason: 'kept' as const, ...(ended && { seconds }) };
  return new BridgeError('BRIDGE_LAUNCH', message, detail, { fault: 'environment' });
}

/** The words with which Python, Node, Go, Java and the C library report an address in use. */
const IN_USE = /address (is )?already in use|EADDRINUSE|errno 98\b/i;

/** Returns true if a program's last lines say that its address is in use. */
export function saysInUse(lastWords: readonly string[]): boolean {
  return lastWords.some((line) => IN_USE.test(line));
}

/** Returns true for a process that this process has launched. Its mark is its launch's name, a dot and its replica's number. */
function isOfThisProcess(mark: string): boolean {
  return isLaunchOfThisProcess(mark.split('.')[0] ?? '');
}
