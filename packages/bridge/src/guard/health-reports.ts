// Reports of the law about replicas: their health when it changes, and that a held replica has no message under way any more.
import type { LawEffect } from './events.ts';
import type { ReplicaRecord } from './replica-record.ts';

/** Adds the reports that are due to `effects`, and marks them as made. */
export function addHealthReports(records: readonly ReplicaRecord[], effects: LawEffect[]): void {
  for (let replica = 0; replica < records.length; replica++) {
    const record = records[replica];
    if (!record) continue;
    const { health, out, down } = record;
    if (health !== record.reported) {
      record.reported = health;
      effects.push({ type: 'health', replica, health, error: out?.error ?? down?.error });
    }
    if (!out || out.reportedIdle || record.busy > 0) continue;
    out.reportedIdle = true;
    effects.push({ type: 'idle', replica });
  }
}
