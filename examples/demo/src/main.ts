// The demo: a TypeScript host, an unmodified Python model, frames there and boxes back.
//   npm run demo                      the built-in scene, the model as a process
//   npm run demo -- --image FILE      one PNG or JPEG of your own
//   npm run demo -- --docker          the model in a container
//   npm run demo -- --frames N --out FILE
import { parseArgs } from 'node:util';
import { connect, type Model } from '@bridge/bridge';
import { type Detection, detections, matchIous } from './box.ts';
import { startModelContainer } from './model-container.ts';
import { startModelProcess } from './model-process.ts';
import { drawBoxes, type Picture, writePicture } from './picture.ts';
import { readPicture } from './read-picture.ts';
import { boxTable, progress, quantile, table } from './report.ts';
import { scene } from './scene.ts';

/** The demo fails where the boxes agree less than this with the known positions. */
const MIN_MEAN_IOU = 0.8;

const { values: args } = parseArgs({
  options: {
    image: { type: 'string' },
    docker: { type: 'boolean', default: false },
    frames: { type: 'string', default: '300' },
    out: { type: 'string', default: 'examples/demo/out/demo.png' },
  },
});

async function detectIn(model: Model, picture: Picture): Promise<Detection[]> {
  return detections(await model.call(picture, { dtype: 'float32' }));
}

async function runImage(model: Model, path: string): Promise<void> {
  const picture = await readPicture(path);
  const boxes = await detectIn(model, picture);
  console.log(boxTable(boxes));
  await writePicture(args.out, drawBoxes(picture, boxes));
}

async function runScene(model: Model, frames: number): Promise<number> {
  const latencies: number[] = [];
  const ious: number[] = [];
  let found = 0;
  for (const { picture, boxes: truth } of scene(frames)) {
    const start = performance.now();
    const boxes = await detectIn(model, picture);
    latencies.push(performance.now() - start);
    ious.push(...matchIous(truth, boxes));
    found += boxes.length;
    progress(latencies.length, frames);
    if (latencies.length === Math.ceil(frames / 2)) await writePicture(args.out, drawBoxes(picture, boxes));
  }
  const seconds = latencies.reduce((sum, ms) => sum + ms, 0) / 1000;
  const meanIou = ious.reduce((sum, value) => sum + value, 0) / ious.length;
  const row = [
    String(frames),
    (frames / seconds).toFixed(1),
    quantile(latencies, 0.5).toFixed(2),
    quantile(latencies, 0.99).toFixed(2),
    `${found} of ${ious.length}`,
    meanIou.toFixed(4),
  ];
  console.log(table(['frames', 'frames/s', 'p50 ms', 'p99 ms', 'boxes found', 'mean IoU'], [row]));
  return meanIou;
}

async function main(): Promise<number> {
  const frames = Number(args.frames);
  if (!Number.isInteger(frames) || frames < 1) throw new Error(`--frames wants a number from 1, not ${args.frames}`);
  await using running = args.docker
    ? await startModelContainer(process.env['BRIDGE_BASE_IMAGE'])
    : await startModelProcess(process.env['BRIDGE_PYTHON'] ?? 'python3');
  console.error(`model: ${running.how}, at ${running.target}`);
  await using model = connect(running.target);
  let meanIou = 1;
  try {
    if (args.image === undefined) meanIou = await runScene(model, frames);
    else await runImage(model, args.image);
  } catch (error) {
    if (running.lastWords() !== '') console.error(`the model's last words:\n${running.lastWords()}`);
    throw error;
  }
  console.log(`picture with boxes: ${args.out}`);
  if (!(await running.untouched())) throw new Error('the model did not live through the demo');
  console.log('the model was started once and is still running');
  if (meanIou >= MIN_MEAN_IOU) return 0;
  console.error(`the boxes are not where the shapes are: mean IoU ${meanIou.toFixed(4)} is below ${MIN_MEAN_IOU}`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`demo: ${(error as Error).message}`);
  process.exitCode = 1;
}
