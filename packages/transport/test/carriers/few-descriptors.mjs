// A listener in a process that may open few descriptors (ulimit -n). It prints its address, and then each error that `onError` is
// called with, a line each.
import { uintLength } from '@bridge/transport';
import { listenTcp } from '@bridge/transport/tcp';
import { listenUnix } from '@bridge/transport/unix';

const [path] = process.argv.slice(2);
const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
/** @type {import('@bridge/transport/tcp').SocketListenOptions['onError']} */
const onError = (error) => {
  const { code, detail } = /** @type {import('@bridge/transport').TransportError} */ (error);
  console.log(`${code} ${'limit' in detail ? detail.limit : ''}`.trim());
};
/** @type {import('@bridge/transport').Handler} */
const echo = async (request) => [request];
const { address } = path
  ? await listenUnix({ path }, { dialect, onError }, echo)
  : await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect, onError }, echo);
console.log(address);
