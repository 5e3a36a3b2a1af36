// When nobody may be hoped for: the circuit between callers and replicas that are all down or wedged.
import type { Why } from './events.ts';
import type { Lane } from './lane.ts';

/**
 * When the last replica went out of use. Infinity while one is in use, or somebody will bring one back; -Infinity where all
 * are silent, or will not come back.
 */
export function goneSince(lanes: readonly Lane[], supervised: boolean): number {
  let since = Number.NEGATIVE_INFINITY;
  for (const { wedged, down, out } of lanes) {
    if (out?.forGood) continue;
    if (supervised || out) return Number.POSITIVE_INFINITY;
    if (!wedged) since = Math.max(since, down?.since ?? Number.POSITIVE_INFINITY);
  }
  return since;
}

/** Whether somebody's message is finding out, or may at once, whether a replica that was down is back. */
export function hasTrial(lanes: readonly Lane[], now: number): boolean {
  return lanes.some((lane) => lane.down && !lane.wedged && !lane.out && (lane.atWork || lane.openAt() <= now));
}

/** Why a call that was never tried fails. */
export function gone(lanes: readonly Lane[], now: number): Why {
  const quit = lanes.findLast(({ out }) => out?.error !== undefined)?.out;
  if (quit && lanes.every(({ out }) => out?.forGood)) return { kind: 'failed', error: quit.error };
  const reachable = lanes.findIndex(({ wedged }) => !wedged);
  const lane = Math.max(0, reachable);
  const down = lanes[lane]?.down;
  if (reachable >= 0 && down)
    return { kind: 'gone', lane, error: down.error, againMs: Math.max(0, down.trialAt - now) };
  return { kind: 'wedged', lane, silentMs: now - (lanes[lane]?.signAt ?? 0), begun: false };
}
