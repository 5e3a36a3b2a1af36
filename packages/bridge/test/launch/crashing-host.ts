// A host that launches a container and is killed before it has ended it: `crashing-host.ts IMAGE MODEL`. Says when it is ready.
import { launch } from '../../src/launch/index.ts';

const [image = '', model = ''] = process.argv.slice(2);
const launched = await launch({
  image,
  command: ['python3', '/model/ml_model.py'],
  mounts: [{ source: model, target: '/model/ml_model.py' }],
  port: 6000,
});
console.log(JSON.stringify(launched.stats.replicas[0]?.state));
setInterval(() => {}, 2 ** 30);
