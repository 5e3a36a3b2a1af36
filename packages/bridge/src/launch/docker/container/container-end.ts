// How a container comes to its end, from the engine's events, as they happen. Whoever waits for it is never left waiting: when
// the events stop, the engine is asked once more, and when it does not answer either, that is the end that is told.
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Ending } from '../../runtime.ts';
import { type Engine, within } from '../engine/engine.ts';
import { statusOf } from '../engine/engine-errors.ts';

const ANSWER_MS = 5000;
/** Between two attempts to listen again. */
const AGAIN_MS = 100;

/** Events that an engine tells of one container. */
export interface ContainerEnd {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** Looks now: for what may have happened before the events began. */
  look(): Promise<void>;
  /** Stops listening. */
  release(): void;
}

/**
 * @param memoryBytes the container's limit, for the message
 * @throws where the engine does not answer
 */
export async function containerEnd(
  engine: Engine,
  container: Docker.Container,
  memoryBytes: number | undefined,
): Promise<ContainerEnd> {
  let release = (): void => {};
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = (ending) => {
      resolve(ending);
      release();
    };
  });
  const look = async (): Promise<void> => {
    try {
      const { State } = await within(ANSWER_MS, container.inspect());
      if (!State.Running && State.Status !== 'created') end(endingOf(State, memoryBytes));
    } catch (cause) {
      const gone = statusOf(cause) === 404;
      const reason = gone ? 'somebody removed the container' : `the Docker Engine at ${engine.where} is gone`;
      end({ how: 'lost', reason, cause });
    }
  };
  const watch = async (): Promise<void> => {
    const filters = { container: [container.id], event: ['die', 'destroy'] };
    const events = (await engine.docker.getEvents({ filters })) as Readable;
    let released = false;
    release = () => {
      released = true;
      events.destroy();
    };
    // Whatever they say, the container is asked: it knows more than its events.
    events.on('data', () => void look()).on('error', () => {});
    events.once('close', async () => {
      if (released) return;
      // Cut, or cut off: an engine that is still there goes on telling.
      await sleep(AGAIN_MS);
      if (released) return;
      await within(ANSWER_MS, watch()).catch(() => {});
      await look();
    });
  };
  await watch();
  return { ended, look, release: () => release() };
}

const SIGNALS = new Map<number, string>(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A container tells of a signal by the exit code 128 + n, as a shell does. */
function endingOf(
  { ExitCode, OOMKilled, Error: error }: Docker.ContainerInspectInfo['State'],
  memoryBytes: number | undefined,
): Ending {
  const signal = SIGNALS.get(ExitCode - 128);
  if (OOMKilled && signal === 'SIGKILL') return { how: 'out of memory', memoryBytes };
  if (error) return { how: 'lost', reason: error };
  return signal === undefined ? { how: 'exited', code: ExitCode } : { how: 'killed', signal };
}
