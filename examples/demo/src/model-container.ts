// Builds the model's image and runs it in a container. The image is the model's own: nothing is added to it and nothing in it is
// changed. The container goes with the demo, however that ends.
import { type Launched, launch } from '@bridge/bridge';
import { MODEL_FOLDER, type RunningModel } from './running-model.ts';

const IMAGE = 'bridge-demo-model';
const KEPT_LINES = 8;

/**
 * @param baseImage what the Dockerfile's BASE_IMAGE is to be; undefined leaves its default
 * @param stop gives up while the model is being built or started
 */
export async function startModelContainer(baseImage: string | undefined, stop: AbortSignal): Promise<RunningModel> {
  const args = baseImage === undefined ? {} : { BASE_IMAGE: baseImage };
  const launched = await launch({
    build: { context: MODEL_FOLDER, tag: IMAGE, args },
    port: 6000,
    // A model that dies of the demo is to be seen dead.
    maxRestarts: 0,
    signal: stop,
  });
  const first = instanceOf(launched);
  return {
    how: `${first?.instance} of image ${IMAGE}, called by its ${first?.by}`,
    connect: () => launched.connect(),
    untouched: () => {
      const { restarts, faults } = launched.stats.replicas[0] ?? {};
      const same = first !== undefined && instanceOf(launched)?.instance === first.instance;
      return same && restarts === 0 && Object.keys(faults ?? {}).length === 0;
    },
    lastWords: () =>
      launched.logs
        .tail(100)
        .filter(({ source }) => source === 'stderr')
        .slice(-KEPT_LINES)
        .map(({ text }) => text)
        .join('\n'),
    [Symbol.asyncDispose]: () => launched.stop(),
  };
}

/** The container that is there now, and how it is called. */
function instanceOf({ stats }: Launched): { instance: string; by: 'lane' | 'port' } | undefined {
  const state = stats.replicas[0]?.state;
  return state?.phase === 'up' ? state : undefined;
}
