// A log keeps the output of a model in bounded memory, and programs read it as lines.
import { describe, expect, test } from 'vitest';
import { type LogLine, ReplicaLog } from '../../src/launch/log/log.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const texts = (lines: readonly LogLine[]): string[] => lines.map(({ source, text }) => `${source}: ${text}`);

describe('the last lines', () => {
  test('lines that come in pieces, from both sources at once', () => {
    const log = new ReplicaLog(3, 10_000);
    log.write('stdout', bytes('wait'));
    log.write('stderr', bytes('Traceback\n  File'));
    log.write('stdout', bytes('ing\r\nserving\n'));
    log.note('it is ready');
    log.write('stderr', bytes(' "x"\nno end'));
    expect(texts(log.tail(10))).toEqual([
      'stderr: Traceback',
      'stdout: waiting',
      'stdout: serving',
      'launch: it is ready',
      'stderr:   File "x"',
      'stderr: no end',
    ]);
    expect(log.tail(1)).toMatchObject([{ replica: 3, source: 'stderr' }]);
    expect(texts(log.tail(2, { model: true }))).toEqual(['stderr:   File "x"', 'stderr: no end']);
  });

  test('a character that is cut in the middle', () => {
    const log = new ReplicaLog(0, 1000);
    const [first = 0, ...rest] = bytes('é\n');
    log.write('stdout', Uint8Array.of(first));
    log.write('stdout', Uint8Array.from(rest));
    expect(texts(log.tail(1))).toEqual(['stdout: é']);
  });

  test('what was written since a moment', () => {
    const log = new ReplicaLog(0, 1000);
    log.write('stdout', bytes('before\n'));
    const since = log.position;
    expect(log.tail(5, { since })).toEqual([]);
    log.write('stdout', bytes('after\n'));
    expect(texts(log.tail(5, { since }))).toEqual(['stdout: after']);
  });

  test('the newest is kept, the rest is counted', () => {
    const log = new ReplicaLog(0, 5000);
    for (let i = 0; i < 1000; i++) log.write('stdout', bytes(`line ${i}\n`));
    const kept = log.tail(1000);
    expect(kept.at(-1)?.text).toBe('line 999');
    const keptBytes = kept.reduce((sum, { text }) => sum + text.length + 1, 0);
    expect(keptBytes).toBeLessThan(5000);
    expect(kept.length).toBeGreaterThan(10);
    expect(log.droppedBytes).toBe(log.writtenBytes - keptBytes);
  });

  test('one piece that is larger than all that may be kept is kept', () => {
    const log = new ReplicaLog(0, 10);
    log.write('stdout', bytes(`${'x'.repeat(100)}\nend`));
    expect(texts(log.tail(1))).toEqual(['stdout: end']);
  });
});

describe('lines as they come', () => {
  test('what is kept, what comes, and an end without an end of line', async () => {
    const log = new ReplicaLog(0, 1000);
    log.write('stdout', bytes('first\nsec'));
    const over = new AbortController();
    const read: string[] = [];
    const reading = (async () => {
      for await (const line of log.lines(over.signal)) read.push(line.text);
    })();
    await new Promise(setImmediate);
    expect(read).toEqual(['first']);
    log.write('stdout', bytes('ond\nthi'));
    await new Promise(setImmediate);
    log.write('stdout', bytes('rd'));
    over.abort();
    await reading;
    expect(read).toEqual(['first', 'second', 'third']);
  });

  test('a slow reader still gets the last lines', async () => {
    const log = new ReplicaLog(0, 1000);
    log.write('stdout', bytes('first\nsecond\n'));
    const over = new AbortController();
    const read: string[] = [];
    for await (const { text } of log.lines(over.signal)) {
      if (read.push(text) > 1) continue;
      log.write('stderr', bytes('the last\n'));
      over.abort();
    }
    expect(read).toEqual(['first', 'second', 'the last']);
  });

  test('a reader that leaves is forgotten', async () => {
    const log = new ReplicaLog(0, 1000);
    log.write('stdout', bytes('a\nb\n'));
    for await (const { text } of log.lines(new AbortController().signal)) {
      expect(text).toBe('a');
      break;
    }
    log.write('stdout', bytes('c\n'));
    expect(texts(log.tail(1))).toEqual(['stdout: c']);
  });
});
