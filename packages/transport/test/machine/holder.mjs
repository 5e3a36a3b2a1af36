// A process takes a turn repeatedly. It prints a line when it has to wait for the turn, and another one when it has it. While it
// has the turn it keeps a file that it created exclusively, which fails if two processes have the turn at once. With 'until told'
// in place of milliseconds it holds the turn until its standard input ends.
import { once } from 'node:events';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { takeTurn } from '@bridge/transport/machine';

const [name = '', witness = '', rounds = '1', holdMs = '1', names] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  const turn = await takeTurn(name, {
    names: names === 'abstract' ? names : 'file',
    onHolder: () => writeSync(1, 'waits\n'),
  });
  const file = openSync(witness, 'wx');
  writeSync(1, `${process.pid} ${round}\n`);
  if (holdMs === 'until told') await once(process.stdin.resume(), 'end');
  else await pause(Number(holdMs));
  closeSync(file);
  unlinkSync(witness);
  await turn.release();
}
