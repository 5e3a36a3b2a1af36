// A small process that ends a host's models when the host has ended without doing so: by SIGKILL, by Ctrl-C. It holds the
// other end of a pipe, which the kernel closes with the host, however that ends.
//
//   host ── "+ 4711" "+ 4712" "- 4711" … end of file ──▶ sh: kill -9 -4712
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

const SCRIPT = `
all=' '
while read -r what leader; do
  case $what in
    +) all="$all$leader " ;;
    -) all="\${all%% $leader *} \${all#* $leader }" ;;
  esac
done
for leader in $all; do kill -9 "-$leader"; done
`;

export class Reaper {
  #sh: ChildProcessByStdio<Writable, null, null> | undefined;

  /** Has the session of this leader ended when this process ends before it says otherwise. */
  watch(leader: number): void {
    this.#say(`+ ${leader}\n`);
  }

  unwatch(leader: number): void {
    this.#say(`- ${leader}\n`);
  }

  /** When it has gone. Whoever is still watched is ended. */
  async dismiss(): Promise<void> {
    const sh = this.#sh;
    this.#sh = undefined;
    if (!sh || sh.exitCode !== null || sh.signalCode !== null) return;
    sh.ref();
    const gone = once(sh, 'exit');
    sh.stdin.end();
    await gone;
  }

  #say(line: string): void {
    this.#sh ??= this.#hire();
    this.#sh.stdin.write(line);
  }

  #hire(): ChildProcessByStdio<Writable, null, null> {
    // In a session of its own: what a terminal sends to this process and its like does not reach it.
    const sh = spawn('/bin/sh', ['-c', SCRIPT, 'npbridge-reaper'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without it the next launch sweeps what is left.
    sh.on('error', () => {});
    sh.stdin.on('error', () => {});
    sh.unref();
    (sh.stdin as Writable & { unref?(): void }).unref?.();
    return sh;
  }
}
