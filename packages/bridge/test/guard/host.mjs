// A host process that calls a model until it is ended, and prints a line for each reply. With several model objects each of them
// has one caller.
import { writeSync } from 'node:fs';
import { connect } from '@bridge/bridge';

const [target = '', first = '0', inFlight = '1', count = '1e9', models = '0'] = process.argv.slice(2);
let made = 0;
/** @param {import('@bridge/bridge').Model} model @param {number} name */
const caller = async (model, name) => {
  while (made < Number(count)) {
    const value = Number(first) + made++;
    const reply = await model.call({ data: Float64Array.of(value), shape: [1] });
    writeSync(1, `${value} ${reply.get(0)} ${name}\n`);
  }
};
const open = () => connect(target, { inFlight: inFlight === '2' ? 2 : 1 });
if (Number(models) > 0) {
  await Promise.all(Array.from({ length: Number(models) }, (_, i) => caller(open(), i)));
} else {
  const model = open();
  await Promise.all([caller(model, 0), caller(model, 0), caller(model, 0)]);
  await model.close();
}
