// The campaigns of `npm run faults`, each in a short version with a fixed seed.
import { describe, expect, test } from 'vitest';
import { pythons } from '../pythons.ts';
import { callAtOnce } from './concurrent-callers.ts';
import { endure, growth } from './endurance.ts';
import { interleave } from './interleavings.ts';
import { killAgainAndAgain } from './killed-models.ts';
import { VARIANTS } from './model-process.ts';

const [label, found] = pythons[0] ?? ['no Python', undefined];
const python = found ?? '';

describe.skipIf(!found)(`campaigns on ${label}`, () => {
  test.each(VARIANTS)('random interleavings of all that hosts do, variant %s', async (variant) => {
    const report = await interleave({ python, variant, seed: 7, operations: 150, hosts: 3, killsInTen: 5 });
    expect(report).toMatchObject({ wrong: [], modelAlive: true });
    expect(report.operations).toBeGreaterThanOrEqual(150);
    expect(report.drops ?? 0).toBe(0);
  });

  test.each(VARIANTS)('a model killed again and again under load, variant %s', async (variant) => {
    const report = await killAgainAndAgain({ python, variant, seed: 7, kills: 4 });
    expect(report.wrong).toEqual([]);
    expect(report.toServiceMs).toHaveLength(4);
    // One answer, at least, behind each kill.
    expect(report.answered).toBeGreaterThanOrEqual(4);
  });

  test.each([1, 2] as const)('eight callers, in flight %i: the kernel drops nothing', async (inFlight) => {
    const report = await callAtOnce({ python, variant: 'post', callers: 8, callsEach: 30, computeMs: 2, inFlight });
    expect(report).toMatchObject({ calls: 240, modelAlive: true });
    expect(report.drops ?? 0).toBe(0);
  });

  test('20 000 small calls on one host: nothing grows', async () => {
    const report = await endure({ python, variant: 'post', calls: 20_000, every: 2000, log: () => {} });
    expect(growth(report)).toEqual([]);
    expect(report.modelAlive).toBe(true);
  });
});
