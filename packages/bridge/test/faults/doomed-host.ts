// A host process that ends in the middle of a call: `doomed-host.ts PORT PHASE SPEC HOW`. PHASE `middle` is when its message
// is on its way and the model does not take it; HOW is a signal, or `exit` for process.exit().
import { connect } from '../../src/index.ts';
import { type FrameSpec, frame } from './frames.ts';
import { type Phase, watchedCarrier } from './watched-carrier.ts';

/** Long enough for the kernel's buffers to be full. */
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
