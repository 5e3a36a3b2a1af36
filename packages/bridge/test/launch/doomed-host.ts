// A host that launches a model, prints its process id, and then ends in the given WAY:
// `doomed-host.ts PYTHON MODELS SERVER PORT WAY`.
import { launch } from '../../src/launch/index.ts';

const [python = '', models = '', server = '', port = '', way = ''] = process.argv.slice(2);
const launched = await launch({ command: [python, models, server, port], port: Number(port) });
const model = launched.connect();
await model.call([1]);
const [replica] = launched.stats.replicas;
console.log(JSON.stringify({ pid: replica?.state.phase === 'up' ? replica.state.pid : undefined }));
if (way === 'wait') setInterval(() => {}, 1000);
else if (way === 'exit') process.exit(0);
else if (way === 'throw') throw new Error('on purpose');
// With any other WAY the script ends here, with the model open.
