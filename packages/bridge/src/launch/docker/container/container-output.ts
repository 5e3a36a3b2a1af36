// The output of a container, attached before its first byte and read until its last. The engine's log is not used, because it gives
// some lines twice if its file was rotated meanwhile.
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { LogSink } from '../../runtime.ts';
import { demultiplexer } from './multiplexed.ts';

/** Milliseconds that the news of a program's end may take after the end of its output. */
const NEWS_MS = 500;

/**
 * Begins to pass a container's output on to a log.
 * @throws the engine's error
 */
export async function attach(container: Docker.Container, log: LogSink): Promise<Readable> {
  const output = (await container.attach({ stream: true, stdout: true, stderr: true })) as unknown as Readable;
  const streams = demultiplexer((source, bytes) => log.write(source, bytes));
  return output.on('data', (chunk: Uint8Array) => streams.push(chunk)).on('error', () => {});
}

/**
 * Attaches again if the connection is cut before the program has ended, because a program blocks if its output is not read. A cut
 * looks no different from the end.
 * @param ended settles when the program ends
 * @returns resolves when all output was read
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
      // The container or the engine is gone, which container-end.ts reports.
      return;
    }
    log.note('the connection to its output was cut: some of it may be missing here');
  }
}
