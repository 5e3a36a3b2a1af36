// A run over the moving scene: every frame there, its boxes back, what came of it and how long it took.
import { agreement, type Detection } from './box.ts';
import type { Picture } from './picture.ts';
import { scene } from './scene.ts';

export interface SceneRun {
  readonly frames: number;
  /** From before the first frame is made until the last one's boxes are there. */
  readonly seconds: number;
  /** One a frame, in milliseconds: from a picture in memory to its boxes. */
  readonly latencies: readonly number[];
  /** Boxes that the scene has, that the model found, and that it sent besides. */
  readonly boxes: { readonly known: number; readonly found: number; readonly extra: number };
  /** Over the known boxes; one that was not found counts as 0. */
  readonly meanIou: number;
  /** The frame in the middle, to look at. */
  readonly sample: { readonly picture: Picture; readonly boxes: readonly Detection[] } | undefined;
}

/** @param onFrame told after each frame how many are done */
export async function runScene(
  detect: (picture: Picture) => Promise<Detection[]>,
  frames: number,
  onFrame: (done: number) => void = () => undefined,
): Promise<SceneRun> {
  const latencies: number[] = [];
  const ious: number[] = [];
  let found = 0;
  let extra = 0;
  let sample: SceneRun['sample'];
  const start = performance.now();
  for (const { picture, boxes: known } of scene(frames)) {
    const sent = performance.now();
    const boxes = await detect(picture);
    latencies.push(performance.now() - sent);
    const agreed = agreement(known, boxes);
    ious.push(...agreed.ious);
    found += agreed.found;
    extra += agreed.extra;
    if (latencies.length === Math.ceil(frames / 2)) sample = { picture, boxes };
    onFrame(latencies.length);
  }
  const seconds = (performance.now() - start) / 1000;
  const meanIou = ious.reduce((sum, value) => sum + value, 0) / ious.length;
  return { frames, seconds, latencies, boxes: { known: ious.length, found, extra }, meanIou, sample };
}
