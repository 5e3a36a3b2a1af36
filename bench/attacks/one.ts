// node one.ts NAME ROOT: runs one attack against the checkout at ROOT and prints its figure as the last line.
import { treeAt } from '../tree.ts';
import { attacks } from './all.ts';

const [name, root = ''] = process.argv.slice(2);
const attack = attacks.find((each) => each.name === name);
if (!attack) throw new Error(`no attack is called ${name}`);
const value = await attack.run(treeAt(root));
console.log(JSON.stringify({ value }));
// Sockets and timers that an attack has left open must not delay the table.
process.exit(0);
