// A host process of its own: calls a model again and again until it is ended, one line for each reply.
import { writeSync } from 'node:fs';
import { connect } from '@bridge/bridge';

const [target = '', first = '0', inFlight = '1', count = '1e9'] = process.argv.slice(2);
const model = connect(target, { inFlight: inFlight === '2' ? 2 : 1 });
let made = 0;
const caller = async () => {
  while (made < Number(count)) {
    const value = Number(first) + made++;
    const reply = await model.call({ data: Float64Array.of(value), shape: [1] });
    writeSync(1, `${value} ${reply.get(0)}\n`);
  }
};
await Promise.all([caller(), caller(), caller()]);
await model.close();
