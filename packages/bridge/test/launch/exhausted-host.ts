// A host that has no more descriptors for longer than a model may be deaf, and then has some again:
// `exhausted-host.ts PYTHON MODELS PORT`. Says what was found at the model meanwhile, and what it answers.
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
  // As was meant.
}
await new Promise((resolve) => setTimeout(resolve, DEAF_MS + 2500));
for (const each of held) closeSync(each);
const reply = await model.call([7]);
console.log(
  JSON.stringify({ held: held.length > 5, answered: reply.get(0), faults: launched.stats.replicas[0]?.faults }),
);
