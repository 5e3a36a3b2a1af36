// Measures the most frames a second that the model can take from outside; child.ts asks it: PORT DTYPE SIZE… The message is made
// once. Two connections exist at any time: the model serves one, and the other one's message waits whole in its backlog. The
// reply's bytes are only counted.
import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeParts, readHeader } from '@bridge/npy';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';

const [port, dtype, ...sizes] = process.argv.slice(2);
const parts = encodeParts(frameOf(dtype, sizes));
const bytes = parts[0].length + parts[1].length;
const message = Buffer.concat([Buffer.from(String(bytes).padEnd(10)), ...parts]);
let replyBytes = Number.POSITIVE_INFINITY;

async function exchange(): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
  socket.write(message);
  let read = 0;
  socket.on('data', (chunk) => {
    if (replyBytes === Number.POSITIVE_INFINITY) {
      const header = readHeader(chunk);
      if (header) replyBytes = header.dataOffset + header.dataBytes;
    }
    read += chunk.length;
    if (read >= replyBytes) socket.resetAndDestroy();
  });
  await once(socket, 'close');
  if (read !== replyBytes) throw new Error(`${replyBytes} bytes were to come back, not ${read}`);
}

await answerRequests(async (frames) => {
  let left = frames;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await exchange();
  };
  await Promise.all([lane(), lane()]);
});
