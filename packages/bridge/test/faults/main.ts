// npm run faults: the long campaigns, one after the other. README.md describes each.
//   --operations N  random interleavings     --kills N  kills of the model     --calls N  small calls on one host
//   --callers N     callers at once          --seed S   the same choices again
//   --hosts N       host processes at once   --variant  post or closing
//   --relay         a relay process between hosts and model in the interleavings, and kills at any moment
// 0 leaves a campaign out. The exit code is 0 if nothing went wrong.
import { parseArgs } from 'node:util';
import { callAtOnce, quantile } from './concurrent-callers.ts';
import { endure, growth } from './endurance.ts';
import { interleave } from './interleavings.ts';
import { killAgainAndAgain } from './killed-models.ts';
import { VARIANTS } from './model-process.ts';
import { startRelay } from './relay.ts';

/** A caller may wait this long beyond the model's own time. A dropped SYN costs a second. */
const STALL_MS = 100;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '200' },
    calls: { type: 'string', default: '1000000' },
    callers: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    hosts: { type: 'string', default: '3' },
    variant: { type: 'string', default: 'post' },
    relay: { type: 'boolean', default: false },
  },
});
const [operations, kills, calls, callers, seed, hosts] = (
  ['operations', 'kills', 'calls', 'callers', 'seed', 'hosts'] as const
).map((name) => {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`--${name} ${values[name]}: a whole number`);
  return value;
}) as [number, number, number, number, number, number];
const variant = VARIANTS.find((name) => name === values.variant);
if (!variant) throw new RangeError(`--variant ${values.variant}: ${VARIANTS.join(' or ')}`);
const python = process.env['BRIDGE_PYTHON'] ?? 'python3';
const relayed = values.relay ? { relayed: startRelay } : {};
const log = (line: string): void => console.log(line);
const wrong: string[] = [];

if (operations > 0) {
  const how = values.relay ? ', through a relay' : '';
  log(
    `\nrandom interleavings: ${operations} operations, ${hosts} hosts at once, seed ${seed}, variant ${variant}${how}`,
  );
  const report = await interleave({ python, variant, seed, operations, hosts, killsInTen: 4, ...relayed });
  log(JSON.stringify(report, null, 2));
  wrong.push(...report.wrong);
  if (!report.modelAlive) wrong.push('the model did not live through it');
  if (report.drops) wrong.push(`${report.drops} connections dropped`);
}

if (kills > 0) {
  log(`\nthe model killed ${kills} times under load, seed ${seed}, variant ${variant}`);
  const { toServiceMs, outageMs, ...report } = await killAgainAndAgain({ python, variant, seed, kills, log });
  log(JSON.stringify(report, null, 2));
  for (const [what, times] of [
    ['from listening to the first answer', toServiceMs],
    ['from the kill to the first answer, its start included', outageMs],
  ] as const) {
    log(`${what}: median ${quantile(times, 0.5)} ms, p90 ${quantile(times, 0.9)} ms, max ${quantile(times, 1)} ms`);
  }
  wrong.push(...report.wrong);
}

if (callers > 0) {
  for (const inFlight of [1, 2] as const) {
    log(`\n${callers} callers at once, in flight ${inFlight}`);
    const report = await callAtOnce({ python, variant, callers, callsEach: 250, computeMs: 5, inFlight });
    log(JSON.stringify(report));
    const { excessMs, aloneMs } = report;
    if (excessMs.max > STALL_MS && aloneMs.max > STALL_MS / 4) {
      log(
        `a stall of ${excessMs.max} ms; the machine is too busy to tell: a client that is alone waits ${aloneMs.max} ms`,
      );
    } else if (excessMs.max > STALL_MS) wrong.push(`a stall of ${excessMs.max} ms, in flight ${inFlight}`);
    if (report.drops) wrong.push(`${report.drops} connections dropped, in flight ${inFlight}`);
  }
}

if (calls > 0) {
  log(`\n${calls} small calls on one host`);
  const every = Math.max(1, Math.floor(calls / 20));
  const report = await endure({ python, variant, calls, every, log });
  wrong.push(...growth(report).map((what) => `grew, ${what}`));
  if (!report.modelAlive) wrong.push('the model did not live through the small calls');
}

log(wrong.length === 0 ? '\nnothing went wrong' : `\nWRONG\n${wrong.join('\n')}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
