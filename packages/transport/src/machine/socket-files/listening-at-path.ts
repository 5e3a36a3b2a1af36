// Asks the kernel whether a program listens at a Unix socket of this machine, without a connection: there are servers that die of a
// connection without a message.
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { optionError } from '../../errors/options.ts';

/** The flag of a listening socket in the kernel's table. */
const ACCEPTS = '00010000';

/**
 * Resolves with whether a program of this network namespace listens at a Unix socket; with undefined if there is no /proc/net/unix. The
 * table has the path that the program used: one that is relative is taken for one in the folder of this process.
 * @param path a file's path, or an abstract name, which begins with @
 * @throws TransportError TRANSPORT_BAD_OPTION if `path` is not a string
 */
export async function listeningAtPath(path: string): Promise<boolean | undefined> {
  if (typeof path !== 'string') throw optionError('path', 'a string', path);
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => undefined);
  if (table === undefined) return undefined;
  const names = isAbstract(path) ? [path] : await spellingsOf(resolve(path));
  return table.split('\n').some((line) => {
    // Num RefCount Protocol Flags Type St Inode Path
    const [, flags, bound = ''] = /^[^ ]+: [^ ]+ +[^ ]+ +([^ ]+) +(?:[^ ]+ +){2}[^ ]+ (.+)$/.exec(line) ?? [];
    return flags === ACCEPTS && names.includes(isAbstract(bound) ? bound : resolve(bound));
  });
}

function isAbstract(path: string): boolean {
  return path.startsWith('@');
}

/** Resolves with a path, and with the same path without links in its folder. */
async function spellingsOf(path: string): Promise<string[]> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return [path, join(folder, basename(path))];
}
