// The end of processes by force: as often as there are more of them, until none is left.

/** How long the kernel may take to end what was killed: a process that writes a core, or waits for a disk. */
const ENDING_MS = 2000;
const LOOK_MS = 5;

/**
 * Ends processes, and the groups of these leaders among them; when none is left.
 * @param who those that are to end, as often as it is asked
 * @returns why not all of them have ended; undefined when they have
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
      // What cannot be seen has not ended for that.
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
    // It has ended.
  }
}
