// Kills processes. They may start others meanwhile, so this is repeated until none is left.

/** The most milliseconds for the kernel to end a killed process: the process may write a core dump, or wait for a disk. */
const ENDING_MS = 2000;
const LOOK_MS = 5;

/**
 * Kills processes, and the process groups of those that are leaders. Resolves when no process is left.
 * @param who returns the processes to kill; called repeatedly
 * @returns the reason why some have not ended; undefined if all have
 */
export async function endAll(leaders: readonly number[], who: () => readonly number[]): Promise<string | undefined> {
  const until = performance.now() + ENDING_MS;
  for (;;) {
    let problem: string;
    try {
      const left = who();
      if (left.length === 0) return undefined;
      for (const leader of leaders) if (left.includes(leader)) signalGroup(leader, 'SIGKILL');
      for (const pid of left) signal(pid, 'SIGKILL');
      problem = `process ${left.join(', ')} has not ended`;
    } catch (error) {
      // Processes that cannot be seen may still be running.
      problem = `its processes cannot be seen: ${(error as Error).message}`;
    }
    if (performance.now() > until) return problem;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export function signalGroup(leader: number, name: NodeJS.Signals): void {
  signal(-leader, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended.
  }
}
