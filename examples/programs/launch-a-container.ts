// Starts a model in a container, or as a process of this machine if there is no Docker or no such image.
import { array, isBridgeError, type Launched, launch } from '@bridge/bridge';

async function start(): Promise<Launched> {
  try {
    return await launch({ image: 'my-model', memory: '2g' });
  } catch (error) {
    if (!isBridgeError(error, 'BRIDGE_LAUNCH')) throw error;
    const { reason } = error.detail;
    if (reason !== 'no-client' && reason !== 'no-engine' && reason !== 'no-image') throw error;
    return await launch({ command: ['python3', 'ml_model.py'], port: 6000 });
  }
}

await using launched = await start();
await using model = launched.connect({ output: { dtype: 'float32' } });
const boxes = await model.call(array(new Uint8Array(480 * 640 * 3), [480, 640, 3]));
const numbers: Float32Array = boxes.data;
console.log(boxes.shape, numbers.length, launched.stats.replicas[0]?.state.phase); // [ 0, 6 ] 0 up
