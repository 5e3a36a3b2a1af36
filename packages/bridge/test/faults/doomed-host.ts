// A host process that kills itself by force in the middle of a call: `doomed-host.ts PORT PHASE SPEC`. `middle` is when its
// message is on its way and the model does not take it.
import { connect } from '../../src/index.ts';
import { type FrameSpec, frame } from './frames.ts';
import { type Phase, watchedCarrier } from './watched-carrier.ts';

/** Long enough for the kernel's buffers to be full. */
const MIDDLE_MS = 100;

const [port, phase, spec] = process.argv.slice(2) as [port: string, phase: Phase | 'middle', spec: string];
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const carrier = watchedCarrier(Number(port), (step) => {
  if (step === phase) die();
  if (phase === 'middle' && step === 'connected') setTimeout(die, MIDDLE_MS);
});
await using model = connect(carrier);
await model.call(frame(JSON.parse(spec) as FrameSpec));
