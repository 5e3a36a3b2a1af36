// A process of its own that takes a turn again and again. Its first line says that it has the turn; between taking and
// releasing it holds a file open that nobody else may hold: `exclusive` fails where two have the turn at once.
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { takeTurn } from '@bridge/transport/turns';

const [name = '', witness = '', rounds = '1', holdMs = '1', names] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  const turn = await takeTurn(name, { names: names === 'abstract' ? names : 'file' });
  const file = openSync(witness, 'wx');
  writeSync(1, `${process.pid} ${round}\n`);
  await new Promise((resolve) => setTimeout(resolve, Number(holdMs)));
  closeSync(file);
  unlinkSync(witness);
  await turn.release();
}
