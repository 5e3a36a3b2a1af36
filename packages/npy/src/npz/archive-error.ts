// Makes the errors of an archive, and of a member in it.
import type { NpyDetailByCode } from '../error-detail.ts';
import { isNpyError, NpyError, type NpyFault } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** Returns an NPY_ARCHIVE error: an archive is damaged or not supported, lacks an array that was asked for, or cannot hold a name. */
export function archiveError(
  problem: string,
  detail: NpyDetailByCode['NPY_ARCHIVE'] = {},
  fault: NpyFault = 'data',
): NpyError<'NPY_ARCHIVE'> {
  return new NpyError('NPY_ARCHIVE', `npz: ${problem}`, detail, { fault });
}

/** Returns the member as messages name it. */
export function memberText(name: string): string {
  return `member ${quoted(name)}`;
}

/** Calls `work` for a member. @throws what `work` throws, with the name of the member in the message and as `detail.member` */
export function inMember<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Errors of the archive name the member themselves.
    if (!isNpyError(error) || error.code === 'NPY_ARCHIVE') throw error;
    const { code, message, detail, fault } = error;
    const text = `npz: ${memberText(name)}: ${message.replace(/^np[yz]:? ?/, '')}`;
    throw new NpyError(code, text, { ...detail, member: name }, { cause: error, fault });
  }
}
