// A host that measures itself while it calls, as a program of its own: PORT IN-FLIGHT memory|delay|work FRAMES DTYPE SIZE…
// It prints the figure. With 0 frames it only waits for two seconds: the control.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connect } from '@bridge/bridge';
import { frameOf } from './frames.ts';

const [port, inFlight, what, frames, dtype, ...sizes] = process.argv.slice(2);
const frame = frameOf(dtype, sizes);
frame.data.fill(1);
await using model = connect(`tcp://127.0.0.1:${port}`, { inFlight: inFlight === '2' ? 2 : 1 });

async function send(count: number): Promise<void> {
  const source = (function* () {
    for (let i = 0; i < count; i++) yield frame;
  })();
  for await (const { output } of model.stream(source))
    if (output.shape[0] !== 10) throw new Error('ten boxes were to come');
}

/** Returns the peak of the memory without the memory in use after the frame was made, in frames. */
async function memory(count: number): Promise<number> {
  const before = process.memoryUsage.rss();
  await send(count);
  return (process.resourceUsage().maxRSS * 1024 - before) / frame.data.byteLength;
}

/** Returns the longest time in which the event loop did not come round, in milliseconds. */
async function delay(count: number): Promise<number> {
  await send(20);
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await sendOrWait(count);
  monitor.disable();
  return monitor.max / 1e6;
}

/**
 * Returns the most processor time that the event loop's thread took between two turns of a timer of 1 ms, in milliseconds: the delay
 * without the time in which other processes had the processor. The kernel counts in nanoseconds and updates the count every 4 ms or when
 * the thread sleeps, so the wall clock bounds it.
 */
async function work(count: number): Promise<number> {
  const now = () => ({
    wall: performance.now(),
    processor: Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]) / 1e6,
  });
  await send(20);
  let most = 0;
  let last = now();
  const timer = setInterval(() => {
    const next = now();
    most = Math.max(most, Math.min(next.wall - last.wall, next.processor - last.processor));
    last = next;
  }, 1);
  await sendOrWait(count);
  clearInterval(timer);
  return most;
}

async function sendOrWait(count: number): Promise<void> {
  if (count > 0) await send(count);
  else await new Promise((resolve) => setTimeout(resolve, 2000));
}

console.log(await (what === 'memory' ? memory : what === 'work' ? work : delay)(Number(frames)));
