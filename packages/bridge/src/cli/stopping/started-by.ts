// Finds out which program started this one, if this one has to end with it. npm and other package managers run a command as
// `sh -c COMMAND` and pass a signal on to that shell alone: the shell ends, and the command does not learn of it. So a command that
// a package manager started checks that the processes above it are still there. A command that nohup started is meant to outlive
// its terminal; Node.js sets all signals to their defaults when it starts, so that other traces of nohup have to tell.
import { basename } from 'node:path';
import { ancestry, isAbove, ownSession, type Seen } from './ancestry.ts';

/** The names of package managers as programs, and as scripts that Node.js runs. */
const MANAGER = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg)(?:-cli)?(?:\.[cm]?js)?$/;
/** The words with which a script starts a program that is meant to outlive the script. */
const STAYS = /(?:^|[\s;&|(])(?:nohup|setsid)\s/;

/** The processes that started this program. */
export interface Starter {
  /** True if a package manager started it. A package manager may pass on a signal that the terminal has sent to this program as well. */
  readonly isManager: boolean;
  /** True if this program goes on when its terminal closes. */
  readonly outlivesTerminal: boolean;
  /** Returns whether the package manager, or a shell that it started in between, has ended. */
  isGone(): boolean;
}

/**
 * Returns what is known of the processes that started this one.
 * @param above the processes above this one, beginning with its parent
 */
export function starter(above: readonly Seen[] = ancestry(), session: string | undefined = ownSession()): Starter {
  const between = above.findIndex((each) => each.session !== session || !(isManager(each) || isShellCommand(each)));
  const candidates = between < 0 ? above : above.slice(0, between);
  // Shells above the last package manager were not started by one.
  const watched = candidates.slice(0, candidates.findLastIndex(isManager) + 1);
  const outside = above[watched.length];
  const stays = watched.some((each) => isShellCommand(each) && STAYS.test(each.words.slice(2).join(' ')));
  return {
    isManager: watched.length > 0,
    outlivesTerminal: stays || saidByNohup(outside) || outside?.ignoresHangups === true,
    isGone: () => !stays && watched.some(({ pid }, i) => !isAbove(watched[i - 1]?.pid ?? process.pid, pid)),
  };
}

/** Returns whether a process is a package manager. npm shows all its words as one: `npm exec npbridge`. */
function isManager({ words: [program = '', ...args] }: Seen): boolean {
  const name = basename(program.split(' ')[0] ?? '');
  const script = args.find((arg) => !arg.startsWith('-')) ?? '';
  return MANAGER.test(name) || (isNode(name) && MANAGER.test(basename(script)));
}

function isNode(name: string): boolean {
  return /^node(?:js)?\d*$/.test(name);
}

function isShellCommand({ words: [program = '', option = ''] }: Seen): boolean {
  return /^-?\w*sh$/.test(basename(program)) && /^-\w*c$/.test(option);
}

/**
 * Returns whether the environment says that nohup started this program. A shell leaves the path of the program that it starts there. A
 * Node.js program does not, so that the path below one is that of another program.
 */
function saidByNohup(outside: Seen | undefined): boolean {
  return basename(process.env['_'] ?? '') === 'nohup' && !isNode(basename(outside?.words[0] ?? ''));
}
