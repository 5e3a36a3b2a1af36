// Starts two equal models and calls them as one.
import { array, launch } from '@bridge/bridge';

await using launched = await launch({
  command: ['python3', 'ml_model.py'],
  env: (i) => ({ PORT: String(6000 + i) }),
  port: (i) => 6000 + i,
  replicas: 2,
});
await using model = launched.connect({ output: { dtype: 'float32' } });

const pictures = Array.from({ length: 10 }, () => array(new Uint8Array(48 * 64 * 3), [48, 64, 3]));
// As many at once as there are models. Each picture goes to the model that has least to do.
let boxes = 0;
for await (const { output } of model.stream(pictures, { ordered: false })) boxes += output.shape[0] ?? 0;
const { replicas, answered } = model.stats;
console.log(replicas.length, answered, boxes); // 2 10 0
