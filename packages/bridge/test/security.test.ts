// SECURITY.md names the tests, commands and attacks that show each promise. All of them exist.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { attacks } from '../../../bench/attacks/all.ts';

const ROOT = new URL('../../../', import.meta.url);
const security = await readFile(new URL('SECURITY.md', ROOT), 'utf8');
const { scripts } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as { scripts: object };

const named = (pattern: RegExp): string[] => [...new Set([...security.matchAll(pattern)].map(([, name = '']) => name))];

test('every file that it names is there', () => {
  const files = named(/`((?:packages|deploy|bench)\/[^`\s]+)`/g);
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});

test('every command that it names is there, and every attack', () => {
  expect(named(/`npm run ([\w-]+)/g).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const words = [...security.matchAll(/--only (?:"([^"]+)"|(\w+))/g)].map(([, text, word]) => text ?? word ?? '');
  expect(words.length).toBeGreaterThan(3);
  expect(words.filter((word) => !attacks.some(({ name }) => name.includes(word)))).toEqual([]);
});

test('the READMEs lead to it', async () => {
  for (const readme of [
    'README.md',
    'packages/npy/README.md',
    'packages/transport/README.md',
    'packages/bridge/README.md',
  ]) {
    expect(await readFile(new URL(readme, ROOT), 'utf8')).toContain('SECURITY.md');
  }
});
