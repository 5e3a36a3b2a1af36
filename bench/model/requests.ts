// The other end of child.ts in a host: one request a line on stdin, one answer a line on stdout.
import { createInterface } from 'node:readline';
import { now } from '../clock.ts';
import type { Clock } from '../comparison.ts';

/** Sends as many frames as each request asks for, and answers with the seconds that this took. */
export async function answerRequests(send: (frames: number) => Promise<void>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { frames, clock } = JSON.parse(line) as { frames: number; clock: Clock };
    const start = now[clock]();
    await send(frames);
    console.log(JSON.stringify({ seconds: now[clock]() - start }));
  }
}
