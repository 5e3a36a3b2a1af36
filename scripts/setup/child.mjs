// Runs child processes, in two ways: `capture` for the tools of set-up (silent, with a time limit, killed with everything that they
// started), and `foreground` for the task that the user asked for (on the user's terminal, with the signals of this process).

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @typedef {{ code: number, stdout: string, stderr: string, timedOut: boolean }} Captured */

/**
 * Resolves to the output of a command and its exit code, which is 127 if the command cannot be started. Never rejects.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number, stdin?: 'ignore' | number }} [options]
 * @returns {Promise<Captured>}
 */
export function capture(command, args, { env, cwd, timeoutMs = 600_000, stdin = 'ignore' } = {}) {
  return new Promise((resolve) => {
    // A process group of its own, so that the time limit also ends the processes that the command started.
    const child = spawn(command, args, { env, cwd, stdio: [stdin, 'pipe', 'pipe'], detached: true });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const killAll = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All of them have ended.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killAll();
    }, timeoutMs);
    // The terminal's Ctrl-C does not reach another process group, so the group is killed when this process exits.
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
 * Resolves to the exit code of a command, 128 + n after signal n.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdio?: 'inherit' | 'ignore', takesSignalsTwice?: boolean }} [options]
 * `takesSignalsTwice`: the program treats a second signal like the first
 * @returns {Promise<number>}
 */
export function foreground(command, args, { env, cwd, stdio = 'inherit', takesSignalsTwice = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio });
    // A terminal sends Ctrl-C to the whole process group. If it were passed on as well, the program would get it twice, and many
    // programs exit at the second without cleaning up. Without a terminal the program gets only the signals that are passed on.
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
 * Returns the last lines of a command's output, for a message about its failure.
 * @param {Captured} result
 * @param {number} [lines]
 */
export function outputTail({ stdout, stderr, timedOut }, lines = 3) {
  const tail = (stderr.trim() || stdout.trim()).split('\n').slice(-lines).join(' | ');
  return timedOut ? `it took too long: ${tail}` : tail;
}
