// Finds out which program started this one, if this one has to end with that program. npm and other package managers run a command as
// `sh -c COMMAND` and pass a signal on to that shell alone: the shell ends, and the command does not learn of it. So a command that a
// package manager started checks that its ancestors are still running. A command that nohup started should outlive its terminal. Node.js
// resets all signals to their defaults when it starts, so only other traces of nohup can show that.
import { basename } from 'node:path';
import { ancestry, isAbove, ownSession, type Seen } from './ancestry.ts';

/** Names of package managers: of programs, and of scripts that Node.js runs. */
const MANAGER = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg)(?:-cli)?(?:\.[cm]?js)?$/;
/** Words with which a script starts a program that should outlive the script. */
const STAYS = /(?:^|[\s;&|(])(?:nohup|setsid)\s/;

/** The facts about the processes that started this program. */
export interface Starter {
  /** True if a package manager started this program. It may pass on a signal that the terminal has sent to this program as well. */
  readonly isManager: boolean;
  /** True if this program should go on when its terminal closes. */
  readonly outlivesTerminal: boolean;
  /** The processes with which this program ends: the package manager, and the shells between it and this program. */
  readonly endsWith: readonly number[];
  /** Returns true if one of `endsWith` has ended. */
  isGone(): boolean;
}

/**
 * Returns the facts about the processes that started this one.
 * @param above the ancestors of this process, beginning with its parent
 */
export function starter(above: readonly Seen[] = ancestry(), session: string | undefined = ownSession()): Starter {
  const between = above.findIndex((each) => each.session !== session || !(isManager(each) || isShellCommand(each)));
  const candidates = between < 0 ? above : above.slice(0, between);
  // Shells above the last package manager were not started by a package manager.
  const watched = candidates.slice(0, candidates.findLastIndex(isManager) + 1);
  const outside = above[watched.length];
  const stays = watched.some((each) => isShellCommand(each) && STAYS.test(each.words.slice(2).join(' ')));
  const endsWith = stays ? [] : watched.map(({ pid }) => pid);
  return {
    isManager: watched.length > 0,
    outlivesTerminal: stays || saidByNohup(outside) || outside?.ignoresHangups === true,
    endsWith,
    isGone: () => endsWith.some((pid, i) => !isAbove(endsWith[i - 1] ?? process.pid, pid)),
  };
}

/** Returns true if a process is a package manager. npm shows all its words as one: `npm exec npbridge`. */
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
 * Returns true if the environment says that nohup started this program. A shell sets the variable `_` to the path of the program that it
 * starts. Node.js does not, so below a Node.js program the variable is about another program.
 */
function saidByNohup(outside: Seen | undefined): boolean {
  return basename(process.env['_'] ?? '') === 'nohup' && !isNode(basename(outside?.words[0] ?? ''));
}
