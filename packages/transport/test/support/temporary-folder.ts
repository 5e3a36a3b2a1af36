// Makes a folder for the files of one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Returns the path of a new folder in `parent`, which is removed when the test is over. Only its owner may enter it. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const path = mkdtempSync(join(parent, 'bridge-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
