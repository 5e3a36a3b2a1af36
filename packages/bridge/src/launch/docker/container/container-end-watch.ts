// Reports the end of a container, from the engine's events. The end is always reported: if the events stop, the engine is asked once
// more, and if it does not answer either, the container counts as lost.
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Ending } from '../../runtime.ts';
import { type Engine, within } from '../engine/engine.ts';
import { statusOf } from '../engine/engine-errors.ts';

/** The limit for each answer of the engine. */
const ANSWER_MS = 5000;
/** The pause before the events are subscribed to again. */
const AGAIN_MS = 100;

/** Watches for the end of one container. */
export interface ContainerEnd {
  /** Resolves with how the container ended. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the engine now, because the container may have ended before the events began. */
  look(): Promise<void>;
  /** Stops listening to the events. */
  release(): void;
}

/**
 * Listens to a container's events.
 * @param memoryBytes the container's memory limit, for the message of its ending
 * @throws the engine's error if it does not answer
 */
export async function containerEnd(
  engine: Engine,
  container: Docker.Container,
  memoryBytes: number | undefined,
): Promise<ContainerEnd> {
  let events: Readable | undefined;
  let released = false;
  const release = (): void => {
    released = true;
    events?.destroy();
  };
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
      const reason = gone ? 'another program removed the container' : `the Docker Engine at ${engine.where} is gone`;
      end({ how: 'lost', reason, cause });
    }
  };
  const subscribe = async (): Promise<void> => {
    const filters = { container: [container.id], event: ['die', 'destroy'] };
    const stream = (await engine.docker.getEvents({ filters })) as Readable;
    events?.destroy();
    events = stream;
    // The container is inspected after any event, because that tells more than the event.
    stream.on('data', () => void look()).on('error', () => {});
    stream.once('close', () => void (stream === events && resubscribe()));
    if (released) stream.destroy();
  };
  const resubscribe = async (): Promise<void> => {
    for (let subscribed = false; !subscribed && !released; ) {
      await sleep(AGAIN_MS);
      if (released) return;
      subscribed = await within(ANSWER_MS, subscribe()).then(
        () => true,
        () => false,
      );
      // The container may have ended while nobody listened. If the engine does not answer, it is gone.
      await look();
    }
  };
  await subscribe();
  return { ended, look, release };
}

const SIGNALS = new Map<number, string>(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Returns the container's ending. Its exit code is 128 + n after signal n, as in a shell. */
function endingOf(
  { ExitCode, OOMKilled, Error: error }: Docker.ContainerInspectInfo['State'],
  memoryBytes: number | undefined,
): Ending {
  const signal = SIGNALS.get(ExitCode - 128);
  if (OOMKilled && signal === 'SIGKILL') return { how: 'out of memory', memoryBytes };
  if (error) return { how: 'lost', reason: error };
  return signal === undefined ? { how: 'exited', code: ExitCode } : { how: 'killed', signal };
}
