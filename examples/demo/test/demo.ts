// Runs the demo as a child process, as a user's shell does.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface DemoRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runDemo(args: readonly string[], env: Record<string, string> = {}): Promise<DemoRun> {
  const child = spawn(process.execPath, ['--conditions=@bridge/source', MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** Returns the row of the table that a run with the scene prints. */
export function sceneRow(stdout: string): { frames: number; found: string; meanIou: number; extra: number } {
  const [frames, , , , found, of, all, meanIou, extra] = stdout.split('\n')[2]?.trim().split(/\s+/) ?? [];
  return { frames: Number(frames), found: `${found} ${of} ${all}`, meanIou: Number(meanIou), extra: Number(extra) };
}

/** Returns the rows of the table of boxes that a run with a picture prints: x, y, width, height, score, class. */
export function boxRows(stdout: string): number[][] {
  const [, , ...lines] = stdout.split('\npicture with boxes')[0]?.split('\n') ?? [];
  return lines.map((line) => line.trim().split(/\s+/).map(Number));
}
