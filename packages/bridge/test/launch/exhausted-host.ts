// A host that has no free descriptors for longer than a model may fail to listen, and then has some again:
// `exhausted-host.ts PYTHON MODELS PORT`. It prints the model's faults, and whether the model answers a call afterwards.
import { closeSync, openSync } from 'node:fs';
import { launch } from '../../src/launch/index.ts';

const DEAF_MS = 5000;
const [python = '', models = '', port = ''] = process.argv.slice(2);
await using launched = await launch({ command: [python, models, 'echo', port], port: Number(port), lane: false });
await using model = launched.connect({});
await model.call([1]);
const held: number[] = [];
try {
  for (;;) held.push(openSync('/dev/null', 'r'));
} catch {
  // All descriptors are in use, as intended.
}
await new Promise((resolve) => setTimeout(resolve, DEAF_MS + 2500));
for (const each of held) closeSync(each);
const reply = await model.call([7]);
console.log(
  JSON.stringify({ held: held.length > 5, answered: reply.get(0), faults: launched.stats.replicas[0]?.faults }),
);
