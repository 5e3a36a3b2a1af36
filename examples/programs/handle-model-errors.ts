// Tells the errors of a call apart by their code, each with what belongs to it.
import { array, connect, isBridgeError, isNpyError, isTransportError, serve } from '@bridge/bridge';

/** Returns the answer to somebody who asks for boxes. */
function complaintOf(error: unknown): string {
  if (isBridgeError(error, 'BRIDGE_TIMEOUT')) return error.detail.begun ? 'the model is slow' : 'the model is busy';
  if (isBridgeError(error, 'BRIDGE_SCHEMA')) return `the ${error.detail.side} is wrong`;
  if (isTransportError(error, 'TRANSPORT_REFUSED')) return 'the model is not running';
  if (isTransportError(error, 'TRANSPORT_CLOSED_INSIDE_REPLY')) return `${error.detail.replyBytes} bytes came`;
  if (isNpyError(error, 'NPY_DTYPE')) return `the model answers ${error.detail.actual}`;
  if (isBridgeError(error) || isTransportError(error) || isNpyError(error)) return `${error.code}: ${error.message}`;
  throw error;
}

async function outcome(call: Promise<unknown>): Promise<string> {
  return await call.then(() => 'fine', complaintOf);
}

const picture = array(new Uint8Array(48 * 64 * 3), [48, 64, 3]);
await using model = connect('tcp://127.0.0.1:6000', { input: { dtype: 'uint8' } });
console.log(await outcome(model.call(picture))); // fine
console.log(await outcome(model.call(picture, { dtype: 'float64' }))); // the model answers float32
console.log(await outcome(model.call(new Float32Array(4)))); // the input is wrong

// Nothing listens on port 1.
await using missing = connect('tcp://127.0.0.1:1', { retryMs: 0 });
console.log(await outcome(missing.call(picture))); // the model is not running

// A model that never answers has the first picture, so the second one waits.
await using never = await serve('tcp://127.0.0.1:0', { limits: { closeMs: 0 } }, () => new Promise(() => {}));
const stuck = connect(never.address);
const first = outcome(stuck.call(picture));
console.log(await outcome(stuck.call(picture, { timeoutMs: 100 }))); // the model is busy
await stuck.close({ timeoutMs: 0 });
console.log((await first).split(':')[0]); // BRIDGE_CLOSED
