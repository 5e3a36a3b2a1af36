// The circuit breaker between callers and replicas. It decides since when no replica can be used, and for which reason calls are rejected
// then.
import type { OtherHolder, RejectReason, WaitReason } from './events.ts';
import type { ReplicaRecord } from './replica-record.ts';

/**
 * Returns the time at which the last usable replica became unreachable. Infinity: a replica can be used, or a supervisor will restart one.
 * -Infinity: every replica is silent, is gone for good, or has its turn denied by the system or taken by another process.
 */
export function unavailableSince(records: readonly ReplicaRecord[], supervised: boolean): number {
  let since = Number.NEGATIVE_INFINITY;
  for (const { silent, taken, down, out, denied } of records) {
    if (out?.forGood || denied || taken) continue;
    if (supervised || out) return Number.POSITIVE_INFINITY;
    if (!silent) since = Math.max(since, down?.since ?? Number.POSITIVE_INFINITY);
  }
  return since;
}

/** Returns true if a message is being sent to a replica that was down, or may be sent now, and so finds out whether the replica is back. */
export function hasTrial(records: readonly ReplicaRecord[], now: number): boolean {
  return records.some((record) => {
    const { down, silent, out, denied, atWork } = record;
    return down && !silent && !out && !denied && (atWork || record.openAt() <= now);
  });
}

/** Returns the reason for rejecting a call whose message was never sent. */
export function unavailableReason(records: readonly ReplicaRecord[], now: number): RejectReason {
  const quit = records.findLast(({ out }) => out?.error !== undefined)?.out;
  if (quit && records.every(({ out }) => out?.forGood)) return { kind: 'failed', error: quit.error };
  const denied = records.find((record) => record.denied)?.denied;
  if (denied) return { kind: 'failed', error: denied.error };
  const reachable = records.findIndex(({ silent }) => !silent);
  const replica = Math.max(0, reachable);
  const down = records[replica]?.down;
  if (reachable >= 0 && down)
    return { kind: 'gone', replica, error: down.error, againMs: Math.max(0, down.trialAt - now) };
  const silentMs = now - (records[replica]?.activeAt ?? 0);
  if (records[replica]?.taken) return { kind: 'taken', replica, heldMs: silentMs, holder: holderOf(records[replica]) };
  return { kind: 'wedged', replica, silentMs, begun: false };
}

function holderOf({ slots }: ReplicaRecord): OtherHolder | undefined {
  return slots.find(({ turn, holder }) => turn === 'asked' && holder)?.holder;
}

/** Returns the reason for which a call whose message was not begun is waiting; undefined if there is none. */
export function waitReason(records: readonly ReplicaRecord[]): WaitReason | undefined {
  const reasons: readonly [WaitReason['by'], (record: ReplicaRecord) => boolean][] = [
    ['given up', ({ slots }) => slots.some(({ ticket }) => ticket?.settled)],
    ['turn', ({ slots, down }) => !down && slots.some(({ turn }) => turn === 'asked')],
    ['busy', ({ busy, down }) => !down && busy > 0],
    ['down', ({ down }) => down !== undefined],
    ['held', ({ out }) => out !== undefined && !out.forGood],
  ];
  for (const [by, holds] of reasons) {
    const replica = records.findIndex(holds);
    const record = records[replica];
    if (record) return { by, replica, holder: by === 'turn' ? holderOf(record) : undefined };
  }
  return undefined;
}
