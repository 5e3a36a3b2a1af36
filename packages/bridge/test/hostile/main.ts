// npm run hostile [-- --cases N] [--seed S] [--only NAME]: models, containers and servers with random hostile behaviour. It prints
// a line for each kind. The exit code is 0 if no error was uncaught, no case hung, and every error had a code.
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { KINDS } from './kinds.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed))
  throw new RangeError('--cases is a whole number from 1, --seed a whole number');

for (const [name, { share, make }] of Object.entries(KINDS)) {
  if (!name.includes(values.only)) continue;
  await using kind = await make();
  const { wrong, outcomes, ...report } = await campaign(kind, Math.ceil(cases * (values.only ? 1 : share)), seed);
  const { cases: ran, seconds, heldMs, collectedMs, grewMB } = report;
  console.log(
    `${name}: ${ran} cases in ${seconds.toFixed(0)} s, event loop held ${heldMs.toFixed(0)} ms at most, longest garbage collection ${collectedMs.toFixed(0)} ms, memory ${grewMB.toFixed(0)} MB more`,
  );
  console.log(
    `  ${Object.entries(outcomes)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ')}`,
  );
  for (const each of wrong) console.log(`  ${each}`);
  if (wrong.length > 0) process.exitCode = 1;
}
