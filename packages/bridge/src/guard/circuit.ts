// When nobody may be hoped for: the circuit between callers and replicas that are all down or wedged.
import type { RejectReason, TurnHolder, WaitReason } from './events.ts';
import type { ReplicaRecord } from './replica-record.ts';

/**
 * When the last replica went out of use. Infinity while one is in use, or somebody will bring one back; -Infinity where all
 * are silent, or will not come back, or cannot be had, or are in others' hands.
 */
export function goneSince(records: readonly ReplicaRecord[], supervised: boolean): number {
  let since = Number.NEGATIVE_INFINITY;
  for (const { silent, taken, down, out, denied } of records) {
    if (out?.forGood || denied || taken) continue;
    if (supervised || out) return Number.POSITIVE_INFINITY;
    if (!silent) since = Math.max(since, down?.since ?? Number.POSITIVE_INFINITY);
  }
  return since;
}

/** Whether somebody's message is finding out, or may at once, whether a replica that was down is back. */
export function hasTrial(records: readonly ReplicaRecord[], now: number): boolean {
  return records.some((at) => at.down && !at.silent && !at.out && !at.denied && (at.atWork || at.openAt() <= now));
}

/** RejectReason a call that was never tried fails. */
export function gone(records: readonly ReplicaRecord[], now: number): RejectReason {
  const quit = records.findLast(({ out }) => out?.error !== undefined)?.out;
  if (quit && records.every(({ out }) => out?.forGood)) return { kind: 'failed', error: quit.error };
  const denied = records.find((at) => at.denied)?.denied;
  if (denied) return { kind: 'failed', error: denied.error };
  const reachable = records.findIndex(({ silent }) => !silent);
  const replica = Math.max(0, reachable);
  const down = records[replica]?.down;
  if (reachable >= 0 && down)
    return { kind: 'gone', replica, error: down.error, againMs: Math.max(0, down.trialAt - now) };
  const silentMs = now - (records[replica]?.signAt ?? 0);
  if (records[replica]?.taken) return { kind: 'taken', replica, heldMs: silentMs, holder: holderOf(records[replica]) };
  return { kind: 'wedged', replica, silentMs, begun: false };
}

function holderOf({ slots }: ReplicaRecord): TurnHolder | undefined {
  return slots.find(({ turn, holder }) => turn === 'asked' && holder)?.holder;
}

/** What a call waits for that was not begun. */
export function waitReason(records: readonly ReplicaRecord[]): WaitReason | undefined {
  const reasons: readonly [WaitReason['by'], (record: ReplicaRecord) => boolean][] = [
    ['given up', ({ slots }) => slots.some(({ ticket }) => ticket?.told)],
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
