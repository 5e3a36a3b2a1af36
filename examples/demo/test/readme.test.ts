// The table that the root README shows has the columns that the demo prints. Its programs run in packages/bridge/test.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runTable } from '../src/report.ts';

test('the table has the columns that the demo prints', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const boxes = { known: 1, found: 1, extra: 0 };
  const printed = runTable({ frames: 1, seconds: 1, latencies: [1], boxes, meanIou: 1, sample: undefined });
  expect(readme.replaceAll(/ +/g, ' ')).toContain(`${printed.split('\n')[0]?.replaceAll(/ +/g, ' ')}\n`);
});
