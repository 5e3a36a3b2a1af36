// Child processes, of two kinds: `capture` for set-up's own tools (silent, bounded in time, killed with everything
// they started) and `foreground` for the task the user asked for (inherits the terminal, gets our signals).

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @typedef {{ code: number, stdout: string, stderr: string, timedOut: boolean }} Captured */

/**
 * Never rejects: a command that cannot be started has code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number, stdin?: 'ignore' | number }} [options]
 * @returns {Promise<Captured>}
 */
export function capture(command, args, { env, cwd, timeoutMs = 600_000, stdin = 'ignore' } = {}) {
  return new Promise((resolve) => {
    // A group of its own, so that the deadline also ends what the command started (pip's compilers, apt's methods).
    const child = spawn(command, args, { env, cwd, stdio: [stdin, 'pipe', 'pipe'], detached: true });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const killAll = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Already gone.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killAll();
    }, timeoutMs);
    // The group does not hear the terminal's Ctrl-C; when we leave, it leaves.
    process.once('exit', killAll);
    const done = (/** @type {number} */ code) => {
      clearTimeout(timer);
      process.removeListener('exit', killAll);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', (error) => {
      stderr += error.message;
      done(127);
    });
    child.once('close', (code) => done(code ?? 1));
  });
}

/**
 * Resolves to the exit code, 128 + n after signal n.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdio?: 'inherit' | 'ignore', takesSignalsTwice?: boolean }} [options]
 * `takesSignalsTwice`: to the program a second signal means no more than the first
 * @returns {Promise<number>}
 */
export function foreground(command, args, { env, cwd, stdio = 'inherit', takesSignalsTwice = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio });
    // A terminal sends Ctrl-C to the whole group: forwarding it would be a second one, which many programs take as
    // "now, without cleaning up". Without a terminal the child hears only what we pass on.
    const onInterrupt = () => {
      if (takesSignalsTwice || !process.stdin.isTTY) child.kill('SIGINT');
    };
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    const done = (/** @type {number} */ code) => {
      process.removeListener('SIGINT', onInterrupt).removeListener('SIGTERM', onTerminate);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      done(127);
    });
    child.once('close', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * The last lines of a command's output, for a message about its failure.
 * @param {Captured} result
 * @param {number} [lines]
 */
export function lastWords({ stdout, stderr, timedOut }, lines = 3) {
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-lines).join(' | ');
  return timedOut ? `no end within its time: ${said}` : said;
}
