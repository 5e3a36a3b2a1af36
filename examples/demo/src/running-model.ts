// The model as the demo knows it once it runs: where it listens, and how to end it.
import { fileURLToPath } from 'node:url';

export interface RunningModel extends AsyncDisposable {
  /** `tcp://127.0.0.1:49152` */
  readonly target: string;
  /** How it runs, for people. */
  readonly how: string;
  /** Whether it is the very process that was started, never restarted. */
  untouched(): Promise<boolean>;
  /** The last lines of its standard error. */
  lastWords(): string;
}

/** The folder of ml_model.py and its Dockerfile, which the demo reads and never writes. */
export const MODEL_FOLDER: string = fileURLToPath(new URL('../../model/', import.meta.url));

/** What the model prints when it listens. Asking its port would end it. */
export const READY_LINE = 'waiting for a connection';

/** How long a model may take until it listens. */
export const STARTUP_MS = 30_000;

/** Follows a stream of text: `seen` settles when `line` was there, and the last few lines are kept. */
export function follow(stream: NodeJS.ReadableStream, line?: string): { seen: Promise<void>; last(): string } {
  let kept = '';
  const seen = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      kept = (kept + chunk.toString()).slice(-4096);
      if (line !== undefined && kept.includes(line)) resolve();
    });
  });
  return { seen, last: () => kept.trim().split('\n').slice(-8).join('\n') };
}
