// What the program in a container writes, taken as it comes: attached before the first byte, until the last. Not the engine's
// log, which gives some of it twice where its file was changed for a new one in the meantime.
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { LogSink } from '../../runtime.ts';
import { demultiplexer } from './multiplexed.ts';

/** How long the news of a program's end may take behind the end of its output. */
const NEWS_MS = 500;

/** @throws the engine's error */
export async function attach(container: Docker.Container, log: LogSink): Promise<Readable> {
  const output = (await container.attach({ stream: true, stdout: true, stderr: true })) as unknown as Readable;
  const streams = demultiplexer((source, bytes) => log.write(source, bytes));
  return output.on('data', (chunk: Uint8Array) => streams.push(chunk)).on('error', () => {});
}

/**
 * Attaches again where the connection is cut before the program has ended, which looks no different: a program whose output
 * nobody takes stands still.
 * @param ended the program's end
 * @returns resolves when all was taken
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
      return; // the container is gone, or the engine, which is found out elsewhere
    }
    log.note('the connection to its output was cut: something of it may be missing here');
  }
}
