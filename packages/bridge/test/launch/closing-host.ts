// A host that closes its model object while the launched model does not answer, and then has nothing more to do:
// `closing-host.ts PYTHON MODELS PORT LANE`, where LANE is `lane` or `port`. It prints how the model is called, and the outcome of
// its call.
import { array } from '@bridge/npy';
import { launch } from '../../src/launch/index.ts';

const [python = '', models = '', port = '', lane = ''] = process.argv.slice(2);
const launched = await launch({ command: [python, models, 'echo', port], port: Number(port), lane: lane === 'lane' });
const model = launched.connect({ wedgedMs: Number.POSITIVE_INFINITY });
const call = model.call(array([...Buffer.from('sleep')], { dtype: 'uint8' })).catch((error) => error.code);
while (model.stats.inFlight === 0) await new Promise(setImmediate);
const [replica] = launched.stats.replicas;
await model.close({ timeoutMs: 50 });
console.log(replica?.state.phase === 'up' ? replica.state.by : undefined, await call);
