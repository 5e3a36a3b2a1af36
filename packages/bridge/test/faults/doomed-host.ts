// A host process that ends in the middle of a call: `doomed-host.ts PORT PHASE SPEC HOW`. In PHASE `middle` it has sent a part of
// its message, and the model does not read; HOW is a signal, or `exit` for process.exit().
import { connect } from '../../src/index.ts';
import { type FrameSpec, frame } from './frames.ts';
import { type Phase, watchedCarrier } from './watched-carrier.ts';

/** After this time the kernel's buffers are full. */
const MIDDLE_MS = 100;

const [port, phase, spec, how] = process.argv.slice(2) as [string, Phase | 'middle', string, NodeJS.Signals | 'exit'];
const die = (): void => {
  if (how === 'exit') process.exit();
  process.kill(process.pid, how);
};
const carrier = watchedCarrier(Number(port), (step) => {
  if (step === phase) die();
  if (phase === 'middle' && step === 'connected') setTimeout(die, MIDDLE_MS);
});
await using model = connect(carrier);
await model.call(frame(JSON.parse(spec) as FrameSpec));
