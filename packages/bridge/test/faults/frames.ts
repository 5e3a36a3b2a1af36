// Frames tell the model how long to work on them and how to answer, and a check tells whether a reply belongs to a frame.
// models/detect.py describes both.

/** The work that a frame asks of the model. */
export interface FrameSpec {
  /** Unique in a run; the reply repeats it. */
  readonly id: number;
  /** The time for which the model works on the frame. */
  readonly computeMs?: number;
  /** The number of elements in the reply. 0 asks for a short reply. */
  readonly replyElements?: number;
  /** The number of elements in the frame. */
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

/** Returns why a reply does not belong to the frame of `spec`, or undefined if it does. */
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
