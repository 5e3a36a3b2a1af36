// The fuzzer draws cases, asks NumPy and this package, and reports where they differ. README.md tells how to use it.
import { printExplanation } from '../../../scripts/command-line.mjs';
import { runHostile, sayHostile } from './hostile.ts';
import { FuzzPeer } from './numpy/peer.ts';
import { optionsOf } from './options.ts';
import { Run } from './run.ts';

const options = optionsOf(process.argv.slice(2));
if ('text' in options) printExplanation(options);
else if (options.hostile) process.exitCode = sayHostile(runHostile(options.seed, options.cases));
else {
  const python = process.env['BRIDGE_PYTHON'];
  if (!python) throw new Error('BRIDGE_PYTHON names no Python: start this by `npm run fuzz`');
  const { peer, version } = await FuzzPeer.start(python);
  console.log(version);
  const run = new Run(peer, options);
  process.exitCode = options.replay === undefined ? await run.all() : await run.replay(options.replay);
  await peer.stop();
}
