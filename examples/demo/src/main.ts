// The demo: a TypeScript host, an unmodified Python model, frames there and boxes back. The options are in arguments.ts.
// However the demo ends, by itself, by an error or by a signal, the model that it started ends with it.
import { connect } from '@bridge/bridge';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.ts';
import { type Detection, detections } from './box.ts';
import { Interruption, interruption } from './interruption.ts';
import { startModelContainer } from './model-container.ts';
import { startModelProcess } from './model-process.ts';
import { drawBoxes, type Picture, writePicture } from './picture.ts';
import { readPicture } from './read-picture.ts';
import { boxTable, progress, runTable } from './report.ts';
import { runScene } from './run-scene.ts';

/** The demo fails where the boxes agree less than this with the known positions. */
const MIN_MEAN_IOU = 0.8;

type Detect = (picture: Picture) => Promise<Detection[]>;

/** @returns what is wrong with the model's answers, if anything is */
type Work = (detect: Detect) => Promise<string | undefined>;

/** Returns the work that the arguments ask for. A picture is read before a model is started. */
async function work({ image, frames, out }: Arguments): Promise<Work> {
  if (image !== undefined) {
    const picture = await readPicture(image);
    return async (detect) => {
      const boxes = await detect(picture);
      console.log(boxTable(boxes));
      await writePicture(out, drawBoxes(picture, boxes));
      return undefined;
    };
  }
  return async (detect) => {
    const run = await runScene(detect, frames, (done) => progress(done, frames));
    console.log(runTable(run));
    if (run.sample) await writePicture(out, drawBoxes(run.sample.picture, run.sample.boxes));
    if (run.meanIou < MIN_MEAN_IOU) {
      return `the boxes are not where the shapes are: mean IoU ${run.meanIou.toFixed(4)} is below ${MIN_MEAN_IOU}`;
    }
    return run.boxes.extra > 0 ? `the model sent ${run.boxes.extra} boxes of nothing` : undefined;
  };
}

async function demo(args: Arguments, stop: AbortSignal): Promise<number> {
  const workWith = await work(args);
  await using running = args.docker
    ? await startModelContainer(process.env['BRIDGE_BASE_IMAGE'], stop)
    : await startModelProcess(process.env['BRIDGE_PYTHON'] ?? 'python3', stop);
  // At once, not when the call that is on its way has been answered.
  stop.addEventListener('abort', () => void running[Symbol.asyncDispose]());
  console.error(`model: ${running.how}, at ${running.target}`);
  await using model = connect(running.target);
  let complaint: string | undefined;
  try {
    complaint = await workWith(async (picture) =>
      detections(await model.call(picture, { dtype: 'float32', signal: stop })),
    );
  } catch (error) {
    if (!stop.aborted && running.lastWords() !== '') console.error(`the model's last words:\n${running.lastWords()}`);
    throw error;
  }
  console.log(`picture with boxes: ${args.out}`);
  if (!(await running.untouched())) throw new Error('the model did not live through the demo');
  console.log('the model was started once and is still running');
  if (complaint !== undefined) console.error(complaint);
  return complaint === undefined ? 0 : 1;
}

const stop = interruption();
try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) console.log(USAGE);
  else process.exitCode = await demo(args, stop);
} catch (error) {
  // A model that was ended for a signal makes an error of its own.
  const reason = stop.aborted ? stop.reason : error;
  console.error(`demo: ${(reason as Error).message}`);
  if (reason instanceof UsageError) console.error(USAGE);
  process.exitCode = reason instanceof Interruption ? reason.exitCode : 1;
}
