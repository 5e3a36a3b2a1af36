// Finds the listening sockets in a container whose processes this machine does not see. The image's own `cat` prints the kernel's tables.
import { type ListeningSocket, listenersIn } from '@bridge/transport/machine';
import type Docker from 'dockerode';
import { within } from '../engine/engine.ts';
import { demultiplexer } from './multiplexed.ts';

/** The limit for each answer of the engine. */
const ANSWER_MS = 5000;
/** The most characters of the kernel's tables of sockets; more is an error. A line has 150. */
const LARGEST_TABLE = 2 ** 22;

/**
 * Resolves with the sockets that listen on a port of a container.
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
          // `cat` in the image may be any program, and may print without end.
          if (table.length > LARGEST_TABLE)
            throw new Error(
              `the container's table of sockets is too long: expected at most ${LARGEST_TABLE} characters`,
            );
        }
      })(),
    );
  } finally {
    stream.destroy();
  }
  return listenersIn(table, port);
}
