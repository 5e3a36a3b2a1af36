// The lines that the holder of a turn and the contenders that wait for it (waiters) send to each other.
//
//   waiter ── 81520334:4711.2k8v0zq1a5c ─▶ holder                     the time since which it waits, and its id
//   holder ── go 4710.2k8v0zq19xx 81520391:4712.2k8v0zq1b07 … ─▶ first waiter   take the turn from 4710…; 4712… waits, too
//   holder ◀─ taken ── first waiter                                   sent as well if another contender was faster
//   holder ── moved ─▶ other waiter                                   another contender has the turn, and knows of this waiter
//
// Times are nanoseconds of the monotonic clock, which all processes of a machine share. If any user can take the name, any bytes may
// arrive: so the length of a line is limited.

/** A contender that waits. */
export interface Waiter {
  /** The waiter's id, which stays the same when the holder changes. */
  readonly id: string;
  /** The time at which it began to wait, even if that was for an earlier holder. */
  readonly since: bigint;
}

const MOST_WAITERS = 256;
const ID = '[0-9A-Za-z.]{1,40}';
const WAITER = new RegExp(`^([0-9]{1,19}):(${ID})$`);
const NAME = new RegExp(`^${ID}$`);
/** The most characters of a line. */
export const LINE_CHARACTERS: number = 64 + MOST_WAITERS * 61;

export const TAKEN = 'taken\n';
export const MOVED = 'moved\n';

/** Returns the line with which a waiter asks the holder for the turn. */
export function askLine(waiter: Waiter): string {
  return `${shownWaiter(waiter)}\n`;
}

/** Returns the waiter of such a line; undefined if the line is invalid. */
export function readAsk(line: string): Waiter | undefined {
  const [, since, id] = WAITER.exec(line) ?? [];
  return since === undefined || id === undefined ? undefined : { id, since: BigInt(since) };
}

/**
 * Returns the line with which the holder offers the turn to a waiter.
 * @param giver the holder's id
 */
export function goLine(giver: string, others: readonly Waiter[]): string {
  return `${['go', giver, ...others.slice(0, MOST_WAITERS).map(shownWaiter)].join(' ')}\n`;
}

/** Returns the parts of such a line; undefined if the line is invalid. */
export function readGo(line: string): { readonly giver: string; readonly others: readonly Waiter[] } | undefined {
  const [go, giver = '', ...others] = line.split(' ');
  if (go !== 'go' || !NAME.test(giver) || others.length > MOST_WAITERS) return undefined;
  return { giver, others: others.flatMap((other) => readAsk(other) ?? []) };
}

function shownWaiter({ id, since }: Waiter): string {
  return `${since}:${id}`;
}
