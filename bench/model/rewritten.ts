// The rewritten model and its host, as one contestant.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptMemory } from '../child.ts';
import type { Frame } from './frames.ts';
import { type Host, rewrittenHost } from './hosts.ts';
import { LOOK_MS } from './model-process.ts';

/** The rewritten model's way to read a frame: `load` copies it, as the seed's model does, and `view` does not. */
export type Reading = 'load' | 'view';

const NAMES: Readonly<Record<Reading, string>> = {
  load: 'the rewritten model',
  view: 'the rewritten model without copies',
};

/** @throws Error when the model ends before it listens */
export async function rewritten(python: string, reading: Reading, frame: Frame, inFlight: 1 | 2): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-bench-'));
  const path = join(folder, 'model.sock');
  const script = fileURLToPath(new URL('../python/rewritten_model.py', import.meta.url));
  const model = spawn(python, [script, path, reading], { stdio: ['ignore', 'ignore', 'inherit'], env: keptMemory() });
  const ended = once(model, 'exit').then(() => rmSync(folder, { recursive: true }));
  while (!existsSync(path)) {
    if (model.exitCode !== null) throw new Error('the rewritten model ended before it listened');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const host = rewrittenHost(NAMES[reading], python, path, frame, inFlight);
  return {
    ...host,
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      // The model ends when its host ends, unless the host has failed.
      model.kill('SIGKILL');
      await ended;
    },
  };
}
