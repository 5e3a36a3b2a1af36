// Who started this program, as far as its end hangs on it. npm and its like run a command as `sh -c COMMAND` and pass a
// signal on to that shell alone: the shell ends, and the command does not hear of it. So a command that a package manager
// started looks whether those above it are still there. And whoever starts it by nohup says that it is to outlive its
// terminal, of which Node keeps no trace: it sets all signals to their defaults when it begins.
import { basename } from 'node:path';
import { ancestry, isAbove, ownSession, type Seen } from './ancestry.ts';

/** As programs, and as the scripts that Node runs. */
const MANAGER = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg)(?:-cli)?(?:\.[cm]?js)?$/;
/** Words by which a script says that what it starts is to stay when it has ended. */
const STAYS = /(?:^|[\s;&|(])(?:nohup|setsid)\s/;

/** Who started this program. */
export interface Starter {
  /** A package manager did. It may pass on what its terminal has told this program already. */
  readonly isManager: boolean;
  /** A terminal that goes away ends nothing here. */
  readonly outlivesTerminal: boolean;
  /** The package manager is not there any more, or a shell that it put in between. */
  isGone(): boolean;
}

/** @param above the processes above this one, from its parent on */
export function starter(above: readonly Seen[] = ancestry(), session: string | undefined = ownSession()): Starter {
  const between = above.findIndex((each) => each.session !== session || !(isManager(each) || isShellCommand(each)));
  const candidates = between < 0 ? above : above.slice(0, between);
  // Shells above the last package manager are somebody else's.
  const watched = candidates.slice(0, candidates.findLastIndex(isManager) + 1);
  const outside = above[watched.length];
  const stays = watched.some((each) => isShellCommand(each) && STAYS.test(each.words.slice(2).join(' ')));
  return {
    isManager: watched.length > 0,
    outlivesTerminal: stays || saidByNohup(outside) || outside?.ignoresHangups === true,
    isGone: () => !stays && watched.some(({ pid }, i) => !isAbove(watched[i - 1]?.pid ?? process.pid, pid)),
  };
}

/** npm writes all its words as one: `npm exec npbridge`. */
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

/** A shell leaves the path of what it starts in the environment; what another program has there was not meant for us. */
function saidByNohup(outside: Seen | undefined): boolean {
  return basename(process.env['_'] ?? '') === 'nohup' && !isNode(basename(outside?.words[0] ?? ''));
}
