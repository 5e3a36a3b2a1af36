// The operations that a host chooses at random, and their allowed outcomes. An operation resolves with the name of its outcome, and
// throws if the outcome is not allowed: a wrong code, a reply to another frame, no answer at all.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Model } from '../../src/index.ts';
import { type FrameSpec, frame, mismatch } from './frames.ts';
import type { Random } from './random.ts';

/** An operation counts as unanswered after this time, in which even a busy machine finishes everything that waits in a run. */
const UNANSWERED_MS = 90_000;
/** The largest random length of frames and replies: 8 MB. */
const MOST_ELEMENTS = 1_000_000;

/** The caller in a host process that runs the operation. */
export interface Caller {
  readonly target: string;
  readonly random: Random;
  /** The host's own model, shared by its callers. */
  readonly model: Model;
  readonly inFlight: 1 | 2;
  /** Returns an id that no other frame of the run has. */
  nextId(): number;
}

type Operation = (caller: Caller) => Promise<string>;

const call: Operation = (caller) => expected(caller.model, anyFrame(caller), []);

const abort: Operation = async (caller) => {
  const over = new AbortController();
  const reason = new Error('changed my mind');
  const outcome = expected(caller.model, anyFrame(caller), [reason], { signal: over.signal });
  await moment(caller.random);
  over.abort(reason);
  return await outcome;
};

const timeout: Operation = (caller) =>
  expected(caller.model, anyFrame(caller), ['BRIDGE_TIMEOUT'], { timeoutMs: caller.random.int(0, 30) });

/** Makes another model object for the same address, and closes it while it has calls in every phase. */
const close: Operation = async ({ target, inFlight, random, ...caller }) => {
  const model = connect(target, { inFlight });
  const calls = Array.from({ length: random.int(1, 5) }, () =>
    expected(model, anyFrame({ ...caller, random }), ['BRIDGE_CLOSED']),
  );
  await moment(random);
  const closed = model.close();
  const outcomes = await Promise.all(calls);
  await closed;
  if ((await expected(model, { id: caller.nextId() }, ['BRIDGE_CLOSED'])) !== 'BRIDGE_CLOSED') throw new Error('open');
  return outcomes.includes('BRIDGE_CLOSED') ? 'BRIDGE_CLOSED' : 'answered';
};

const streamEvery: Operation = async ({ model, random, nextId }) => {
  const specs = Array.from({ length: random.int(1, 8) }, () => ({ id: nextId(), computeMs: random.int(0, 3) }));
  const most = random.int(1, specs.length + 2);
  let taken = 0;
  for await (const { output } of model.stream(specs.map(frame))) {
    const spec = specs[taken++];
    const why = spec ? mismatch(spec, output) : 'more than were sent';
    if (why) throw new Error(`stream: ${why}`);
    if (taken === most) return 'left';
  }
  if (taken !== specs.length) throw new Error(`${taken} of ${specs.length} frames answered`);
  return 'ended';
};

const streamLatest: Operation = async ({ model, random, nextId }) => {
  const frames = random.int(5, 30);
  async function* camera() {
    for (let i = 0; i < frames; i++) {
      yield frame({ id: nextId(), computeMs: 2 });
      if (random.chance(0.7)) await sleep(1);
    }
  }
  const most = random.int(1, 12);
  let taken = 0;
  let last = -1;
  for await (const { input, output } of model.stream(camera(), { policy: 'latest' })) {
    const [id = 0] = input.data;
    const why = id > last ? mismatch({ id, computeMs: 2 }, output) : `${id} after ${last}`;
    if (why) throw new Error(`stream: ${why}`);
    last = id;
    if (++taken === most) return 'left';
  }
  return 'ended';
};

const streamAborted: Operation = async ({ model, random, nextId }) => {
  const over = new AbortController();
  const reason = new Error('enough');
  const specs = Array.from({ length: 6 }, () => ({ id: nextId(), computeMs: random.int(0, 5) }));
  setTimeout(() => over.abort(reason), random.int(0, 25));
  let taken = 0;
  try {
    for await (const { output } of model.stream(specs.map(frame), { signal: over.signal })) {
      const spec = specs[taken++];
      const why = spec ? mismatch(spec, output) : 'more than were sent';
      if (why) throw new Error(`stream: ${why}`);
    }
    return 'ended';
  } catch (error) {
    if (error !== reason) throw error;
    return 'ABORTED';
  }
};

/** The schema refuses these inputs. No byte of them may reach the model, which would die of them. */
const schema: Operation = ({ model, random }) =>
  random.chance(0.5)
    ? expected(model, ['text'], ['BRIDGE_SCHEMA'], {}, 'must fail')
    : expected(model, { data: new Uint8Array(6), shape: [2, 3] }, ['BRIDGE_SCHEMA'], {}, 'must fail');

const dtype: Operation = ({ model, nextId }) =>
  expected(model, frame({ id: nextId() }), ['NPY_DTYPE'], { dtype: 'uint8' }, 'must fail');

/** The caller refuses a reply that is larger than its limit, and has to read it to its end all the same. */
const limit: Operation = async ({ target, random, nextId }) => {
  await using model = connect(target, { limits: { maxMessageBytes: 1000 } });
  const large = frame({ id: nextId(), replyElements: random.int(1000, MOST_ELEMENTS) });
  return await expected(model, large, ['TRANSPORT_TOO_LARGE'], {}, 'must fail');
};

const queue: Operation = async ({ target, inFlight, nextId }) => {
  await using model = connect(target, { inFlight, queueLimit: 2 });
  const calls = Array.from({ length: 6 }, () => expected(model, { id: nextId() }, ['BRIDGE_QUEUE_FULL']));
  const outcomes = await Promise.all(calls);
  if (!outcomes.includes('answered')) throw new Error('a queue full of nothing');
  return outcomes.includes('BRIDGE_QUEUE_FULL') ? 'BRIDGE_QUEUE_FULL' : 'answered';
};

/** A caller chooses its next operation by these weights. */
export const OPERATIONS: readonly (readonly [weight: number, operation: readonly [name: string, run: Operation]])[] = [
  [35, ['call', call]],
  [18, ['abort', abort]],
  [12, ['timeout', timeout]],
  [6, ['close', close]],
  [6, ['stream every', streamEvery]],
  [6, ['stream latest', streamLatest]],
  [3, ['stream aborted', streamAborted]],
  [5, ['schema', schema]],
  [3, ['dtype', dtype]],
  [2, ['limit', limit]],
  [4, ['queue', queue]],
];

/** Returns a random frame. Most frames are small and quick; some are slow or huge, or have a large reply. */
function anyFrame({ random, nextId }: Pick<Caller, 'random' | 'nextId'>): FrameSpec {
  const id = nextId();
  return random.weighted<FrameSpec>([
    [70, { id, computeMs: random.int(0, 2), elements: random.int(3, 4000) }],
    [10, { id, computeMs: random.int(10, 50) }],
    [10, { id, elements: random.int(3, MOST_ELEMENTS) }],
    [10, { id, replyElements: random.int(1, MOST_ELEMENTS) }],
  ]);
}

/**
 * Resolves at a random moment: now, some turns of the event loop later, or some milliseconds later, so that every phase of a call
 * is hit.
 */
async function moment(random: Random): Promise<void> {
  const turns = random.int(0, 8);
  if (random.chance(0.5)) await sleep(random.int(0, 25));
  else for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}

/**
 * Resolves with the outcome of a call: 'answered', or one of `errors`, each of which is a code or an error object.
 * @throws Error if the outcome is another one, or if there is none
 */
async function expected(
  model: Model,
  input: FrameSpec | Parameters<Model['call']>[0],
  errors: readonly unknown[],
  options: Parameters<Model['call']>[1] = {},
  success: 'may succeed' | 'must fail' = 'may succeed',
): Promise<string> {
  const spec = typeof input === 'object' && 'id' in input ? (input as FrameSpec) : undefined;
  let timer: NodeJS.Timeout | undefined;
  const unanswered = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not answered within ${UNANSWERED_MS} ms`)), UNANSWERED_MS);
  });
  try {
    const reply = await Promise.race([model.call(spec ? frame(spec) : (input as number[]), options), unanswered]);
    const why = spec && mismatch(spec, reply);
    if (why) throw new Error(`a reply that is not its own: ${why}`);
    if (success === 'must fail') throw new Error(`answered, where it was to be ${errors}`);
    return 'answered';
  } catch (error) {
    if (errors.includes(error)) return 'ABORTED';
    const { code } = error as { code?: string };
    if (code !== undefined && errors.includes(code)) return code;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
