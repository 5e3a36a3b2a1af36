// Converts a turn's name to a part of a path, which is short and has only letters, digits and `:-_.`.
import { createHash } from 'node:crypto';

const NAME_CHARACTERS = 60;

/** Returns the name as a part of a path. Different names have different parts, because a changed one ends with a hash of the name. */
export function pathPart(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9:-]/g, '_');
  if (plain === name && name.length <= NAME_CHARACTERS) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${plain.slice(-(NAME_CHARACTERS - 13))}.${digest}`;
}
