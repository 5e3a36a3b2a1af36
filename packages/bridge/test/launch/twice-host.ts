// A host that launches a model and prints a line. After a line on stdin it stops the model, launches another and stops that:
// `twice-host.ts PYTHON MODELS PORT`. It prints the lines of the log.
import { once } from 'node:events';
import { launch } from '../../src/launch/index.ts';

const [python = '', models = '', port = ''] = process.argv.slice(2);
const spec = { command: [python, models, 'echo', port], port: Number(port) };
const first = await launch(spec);
console.log('launched');
await once(process.stdin, 'data');
await first.stop();
await using second = await launch(spec);
await using model = second.connect();
const reply = await model.call([7]);
const logs = [first, second].map(({ logs }) => logs.tail(50).map(({ text }) => text));
console.log(JSON.stringify({ answered: reply.get(0), logs }));
process.stdin.destroy();
