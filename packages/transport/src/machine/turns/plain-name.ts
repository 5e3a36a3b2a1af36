// A turn's name as part of a path: short, of plain characters, and different for every name.
import { createHash } from 'node:crypto';

const NAME_CHARACTERS = 60;

export function plainName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9:-]/g, '_');
  if (plain === name && name.length <= NAME_CHARACTERS) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${plain.slice(-(NAME_CHARACTERS - 13))}.${digest}`;
}
