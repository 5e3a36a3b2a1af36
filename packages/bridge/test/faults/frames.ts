// Frames that say what the model is to do with them, and the check that a reply is theirs: see models/detect.py.

/** The work that a frame asks of the model. */
export interface FrameSpec {
  /** Unique in a run. */
  readonly id: number;
  /** How long the model works on it. */
  readonly computeMs?: number;
  /** Numbers in the reply; 0: a short one. */
  readonly replyElements?: number;
  /** Numbers in the frame. */
  readonly elements?: number;
}

const HEAD = 3;

/** A model's reply: the parts of an ndarray that these tests read. */
interface Reply {
  readonly shape: readonly number[];
  get(index: number): unknown;
}

export function frame({ id, computeMs = 0, replyElements = 0, elements = HEAD }: FrameSpec): {
  readonly data: Float64Array<ArrayBuffer>;
  readonly shape: number[];
} {
  const data = new Float64Array(Math.max(HEAD, elements));
  data.set([id, computeMs, replyElements]);
  for (let i = HEAD; i < data.length; i++) data[i] = (id + i) % 251;
  return { data, shape: [data.length] };
}

/** Why a reply is not the one to the frame of `spec`; undefined where it is. */
export function mismatch({ id, replyElements = 0, elements = HEAD }: FrameSpec, reply: Reply): string | undefined {
  const { shape } = reply;
  const length = replyElements || HEAD;
  if (shape.length !== 1 || shape[0] !== length) return `shape ${shape}, not ${length}`;
  if (replyElements > 0) {
    for (let i = 0; i < length; i++) if (reply.get(i) !== id + i) return `${reply.get(i)} at ${i}, not ${id + i}`;
    return undefined;
  }
  const sent = Math.max(HEAD, elements);
  let sum = 0;
  for (let i = HEAD; i < sent; i++) sum += (id + i) % 251;
  const wrong = [id, sent, sum].findIndex((value, i) => reply.get(i) !== value);
  return wrong < 0 ? undefined : `${reply.get(wrong)} at ${wrong}, not ${[id, sent, sum][wrong]}`;
}
