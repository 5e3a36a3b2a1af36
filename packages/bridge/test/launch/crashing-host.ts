// A host that launches a container and does not stop it: `crashing-host.ts IMAGE MODEL [leave]`. It prints a line when the model is
// ready, and then waits to be killed, or with `leave` exits.
import { launch } from '../../src/launch/index.ts';

const [image = '', model = '', leave] = process.argv.slice(2);
const launched = await launch({
  image,
  command: ['python3', '/model/ml_model.py'],
  mounts: [{ source: model, target: '/model/ml_model.py' }],
  port: 6000,
});
console.log(JSON.stringify(launched.stats.replicas[0]?.state));
if (leave) process.exit();
setInterval(() => {}, 2 ** 30);
