// node one.ts NAME ROOT: runs one attack against the checkout at ROOT and prints its figure as the last line.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attacks } from './all.ts';
import type { Entries, Tree } from './attack.ts';

const [name, root = ''] = process.argv.slice(2);
const attack = attacks.find((each) => each.name === name);
if (!attack) throw new Error(`no attack is called ${name}`);

const tree: Tree = {
  root,
  file: (path) => join(root, path),
  async load<Entry extends keyof Entries>(entry: Entry): Promise<Entries[Entry]> {
    const [, folder = '', ...rest] = entry.split('/');
    const manifest = JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8'));
    const source: string = manifest.exports[['.', ...rest].join('/')]['@bridge/source'];
    return import(pathToFileURL(join(root, 'packages', folder, source)).href);
  },
};

const value = await attack.run(tree);
console.log(JSON.stringify({ value }));
// Whatever an attack has left open must not keep the table waiting.
process.exit(0);
