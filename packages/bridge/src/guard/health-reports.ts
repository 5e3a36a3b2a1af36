// The state machine's reports about replicas: that a replica's health has changed, and that no message is in progress any more at a replica
// that was held or has quit.
import type { GuardEffect } from './events.ts';
import type { ReplicaRecord } from './replica-record.ts';

/** Adds the reports that are due to `effects`, and records in the replicas' records that they were made. */
export function addHealthReports(records: readonly ReplicaRecord[], effects: GuardEffect[]): void {
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
