// A host with two model objects for one launched replica: one is closed with its message under way, and the other waits for an
// answer: `sharing-host.ts PYTHON MODELS PORT LANE`, where LANE is `lane` or `port`. It prints how the model is called, and the
// outcomes of the calls.
import { array } from '@bridge/npy';
import { launch } from '../../src/launch/index.ts';

const [python = '', models = '', port = '', lane = ''] = process.argv.slice(2);
const launched = await launch({ command: [python, models, 'echo', port], port: Number(port), lane: lane === 'lane' });
const [closed, open] = [launched.connect(), launched.connect()];
const given = closed.call(array([...Buffer.from('slow')], { dtype: 'uint8' })).catch((error) => error.code);
while (closed.stats.inFlight === 0) await new Promise(setImmediate);
const waited = open.call([7]);
const [replica] = launched.stats.replicas;
await closed.close({ timeoutMs: 1 });
console.log(replica?.state.phase === 'up' ? replica.state.by : undefined, await given, (await waited).get(0));
