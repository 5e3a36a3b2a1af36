// node fair-host.mjs ROOT TARGET MODELS SECONDS: a host with so many model objects, each with one call after the other. It prints
// "ready", waits for a line on stdin, and in the end prints the number of answers of each as a list in JSON.
import { once } from 'node:events';
import { treeAt } from '../../tree.ts';

const [root = '', target = '', count = '1', seconds = '1'] = process.argv.slice(2);
const { connect } = await treeAt(root).load('@bridge/bridge');
const models = Array.from({ length: Number(count) }, () => connect(target));
console.log('ready');
await once(process.stdin, 'data');
const end = performance.now() + 1000 * Number(seconds);
const answers = await Promise.all(
  models.map(async (model) => {
    let answered = 0;
    while (performance.now() < end) {
      const reply = await model.call([1, 2, 3], { timeoutMs: end + 2000 - performance.now() }).catch(() => undefined);
      if (reply && performance.now() < end) answered++;
    }
    return answered;
  }),
);
console.log(JSON.stringify(answers));
process.exit(0);
