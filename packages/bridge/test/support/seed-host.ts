// A host of the dialect `seed`, made of a socket alone: it can send what no correct host would send. The campaigns use it outside of the
// test runner, so nothing here needs one.
import { connect, type Socket } from 'node:net';
import { parseAddress } from '../../src/targets/parse-address.ts';

/** Returns a message behind its length in ten characters. A test may give another length. */
export function framed(message: Uint8Array | string, length: string | number = message.length): Buffer {
  return Buffer.concat([Buffer.from(String(length).padEnd(10)), Buffer.from(message)]);
}

/** Resolves with a connection to an address when it is established. */
export async function dial(address: string): Promise<Socket> {
  const { 'server.address': host, 'server.port': port } = parseAddress(address).attributes;
  const endpoint = port === undefined ? { path: String(host) } : { host: String(host), port: Number(port) };
  const socket = connect({ ...endpoint, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return socket;
}

/** Resolves with all bytes that arrive on a connection before its end or its reset, and closes it. */
export async function received(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => socket.on('end', resolve).on('close', resolve));
  socket.destroy();
  return Buffer.concat(chunks);
}
