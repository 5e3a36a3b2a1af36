// Finds the listeners in a container whose processes this machine does not see. The image's own `cat` prints the kernel's tables there.
import { type ListeningSocket, listenersIn } from '@bridge/transport/machine';
import type Docker from 'dockerode';
import { within } from '../engine/engine.ts';
import { demultiplexer } from './multiplexed.ts';

/** The limit for each answer of the engine. */
const ANSWER_MS = 5000;
/** The most characters of the kernel's list of sockets. A line has 150. */
const LARGEST_TABLE = 2 ** 22;

/**
 * Resolves with the listeners on a port of a container.
 * @throws the engine's error; Error if the image has no `cat`, or the table is too large
 */
export async function listenersInside(container: Docker.Container, port: number): Promise<ListeningSocket[]> {
  const Cmd = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
  const exec = await within(ANSWER_MS, container.exec({ Cmd, AttachStdout: true, AttachStderr: true }));
  const stream = await within(ANSWER_MS, exec.start({}));
  let table = '';
  const streams = demultiplexer((source, bytes) => {
    if (source === 'stdout') table += Buffer.from(bytes).toString('latin1');
  });
  try {
    await within(
      ANSWER_MS,
      (async () => {
        for await (const chunk of stream) {
          streams.push(chunk as Uint8Array);
          // The image's `cat` may be any program, and print without end.
          if (table.length > LARGEST_TABLE)
            throw new Error(`the table of sockets has more than ${LARGEST_TABLE} characters`);
        }
      })(),
    );
  } finally {
    stream.destroy();
  }
  return listenersIn(table, port);
}
