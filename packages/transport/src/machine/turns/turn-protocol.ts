// The lines that holders and waiters say to each other.
//
//   waiter ── 81520334:4711.2k8v0zq1a5c ─▶ holder                     the time since which it waits, and its id
//   holder ── go 4710.2k8v0zq19xx 81520391:4712.2k8v0zq1b07 … ─▶ first waiter   take it from me; these wait, too
//   holder ◀─ taken ── first waiter                                   or too late: either way the turn is held
//   holder ── moved ─▶ other waiter                                   another contender has it, and knows of you
//
// Times are nanoseconds of the clock that all processes of a machine share. On a name that any user can take, anybody may
// say anything: so each line has a limit.

/** A contender that waits. */
export interface Waiter {
  /** The waiter's id, which is the same whoever holds the turn. */
  readonly id: string;
  /** The time at which it began to wait, whichever holder had the turn then. */
  readonly since: bigint;
}

const MOST_WAITERS = 256;
const ID = '[0-9A-Za-z.]{1,40}';
const WAITER = new RegExp(`^([0-9]{1,19}):(${ID})$`);
const NAME = new RegExp(`^${ID}$`);
/** Characters of the longest line. */
export const LINE_CHARACTERS: number = 64 + MOST_WAITERS * 61;

export const TAKEN = 'taken\n';
export const MOVED = 'moved\n';

export function askLine(waiter: Waiter): string {
  return `${shownWaiter(waiter)}\n`;
}

/** Returns undefined for text that is not such a line. */
export function readAsk(line: string): Waiter | undefined {
  const [, since, id] = WAITER.exec(line) ?? [];
  return since === undefined || id === undefined ? undefined : { id, since: BigInt(since) };
}

/** @param giver the holder's id */
export function goLine(giver: string, others: readonly Waiter[]): string {
  return `${['go', giver, ...others.slice(0, MOST_WAITERS).map(shownWaiter)].join(' ')}\n`;
}

/** Returns undefined for text that is not such a line. */
export function readGo(line: string): { readonly giver: string; readonly others: readonly Waiter[] } | undefined {
  const [go, giver = '', ...others] = line.split(' ');
  if (go !== 'go' || !NAME.test(giver) || others.length > MOST_WAITERS) return undefined;
  return { giver, others: others.flatMap((other) => readAsk(other) ?? []) };
}

function shownWaiter({ id, since }: Waiter): string {
  return `${since}:${id}`;
}
