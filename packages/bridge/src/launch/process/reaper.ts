// The reaper: a small process that ends a host's models if the host has ended without doing so, for example by SIGKILL or Ctrl-C. The
// reaper reads from a pipe, whose other end the kernel closes when the host ends, in whatever way.
//
//   host ── "+ 4711" "+ 4712" "- 4711" … end of file ──▶ sh: kill -9 -4712
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

const SCRIPT = `
all=' '
while read -r action leader; do
  case $action in
    +) all="$all$leader " ;;
    -) all="\${all%% $leader *} \${all#* $leader }" ;;
  esac
done
for leader in $all; do kill -9 "-$leader"; done
`;

export class Reaper {
  #sh: ChildProcessByStdio<Writable, null, null> | undefined;

  /** Tells the reaper to end the session of this leader if this process ends before it calls `unwatch`. */
  watch(leader: number): void {
    this.#write(`+ ${leader}\n`);
  }

  unwatch(leader: number): void {
    this.#write(`- ${leader}\n`);
  }

  /** Ends the reaper, and with it the sessions that are still watched. Resolves when the reaper has exited. */
  async close(): Promise<void> {
    const sh = this.#sh;
    this.#sh = undefined;
    if (!sh || sh.exitCode !== null || sh.signalCode !== null) return;
    sh.ref();
    const gone = once(sh, 'exit');
    sh.stdin.end();
    await gone;
  }

  #write(line: string): void {
    this.#sh ??= this.#spawn();
    this.#sh.stdin.write(line);
  }

  #spawn(): ChildProcessByStdio<Writable, null, null> {
    // A session of its own keeps signals of the terminal away from the reaper.
    const sh = spawn('/bin/sh', ['-c', SCRIPT, 'npbridge-reaper'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without a reaper, the next launch removes what is left.
    sh.on('error', () => {});
    sh.stdin.on('error', () => {});
    sh.unref();
    (sh.stdin as Writable & { unref?(): void }).unref?.();
    return sh;
  }
}
