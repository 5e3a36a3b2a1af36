// The output of a container, read through an attached stream from its first byte to its last. The engine's log is not used, because it
// returns some lines twice if its file is rotated meanwhile.
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { LogSink } from '../../runtime.ts';
import { demultiplexer } from './multiplexed.ts';

/** The most milliseconds between the end of a program's output and the report of its end. */
const NEWS_MS = 500;

/**
 * Starts to pass a container's output on to a log.
 * @throws the engine's error
 */
export async function attach(container: Docker.Container, log: LogSink): Promise<Readable> {
  const output = (await container.attach({ stream: true, stdout: true, stderr: true })) as unknown as Readable;
  const streams = demultiplexer((source, bytes) => log.write(source, bytes));
  return output.on('data', (chunk: Uint8Array) => streams.push(chunk)).on('error', () => {});
}

/**
 * Passes a container's output on to a log until the program has ended. If the connection is lost before that, the output is attached
 * again, because a program blocks if its output is not read. The end of the output looks like a lost connection.
 * @param ended settles when the program ends
 * @returns a promise that resolves when all output has been read
 */
export async function follow(
  first: Readable,
  container: Docker.Container,
  log: LogSink,
  ended: Promise<unknown>,
): Promise<void> {
  const over = ended.then(() => true);
  for (let output = first; ; ) {
    await new Promise<void>((resolve) => {
      if (output.closed) resolve();
      else output.once('close', resolve);
    });
    if (await Promise.race([over, sleep(NEWS_MS, false)])) return;
    try {
      output = await attach(container, log);
    } catch {
      // If the container or the engine is gone, container-end-watch.ts soon reports the end. Else the next attempt reaches it.
      continue;
    }
    log.note("the container's output was lost for a moment and is read again: some of it may be missing here");
  }
}
