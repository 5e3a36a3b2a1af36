// A server writes the header and the body of its reply separately, as struct.pack and two sendall do. The second write waits in
// the server's system until the first is acknowledged (Nagle's algorithm). On a persistent connection the caller's system delays the
// acknowledgement by 40 ms, to send it along with data. On a new connection it acknowledges at once.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Attack } from './attack.ts';

const CALLS = 40;
const REPLY_BYTES = 20_000;

function attack(connection: 'message' | 'persistent', atMost: number): Attack {
  return {
    name: `caller: a reply whose header and body are written apart, connection: '${connection}'`,
    unit: 'ms per call',
    bound: { atMost },
    async run(tree) {
      const { uintLength } = await tree.load('@bridge/transport');
      const { tcp } = await tree.load('@bridge/transport/tcp');
      const server = createServer({ noDelay: false }, (socket) => {
        socket.on('error', () => {});
        socket.on('data', () => {
          const head = Buffer.alloc(4);
          head.writeUInt32BE(REPLY_BYTES);
          socket.write(head);
          socket.write(Buffer.alloc(REPLY_BYTES));
        });
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as { port: number };
      const four = uintLength({ bytes: 4 });
      const carrier = tcp({ host: '127.0.0.1', port }, { dialect: { request: four, reply: four, connection } });
      const exchange = (): Promise<Uint8Array> => carrier.exchange([new Uint8Array(1000)]);
      for (let n = 0; n < CALLS; n++) await exchange();
      const began = performance.now();
      for (let n = 0; n < CALLS; n++) await exchange();
      return (performance.now() - began) / CALLS;
    },
  };
}

/** A host can only choose between the two. The second bound shows the cost of a persistent connection to such a server. */
export const twoWrites: readonly Attack[] = [attack('message', 5), attack('persistent', 60)];
