// The model as the demo knows it once it runs: where it listens, and how to end it.
import { fileURLToPath } from 'node:url';

export interface RunningModel extends AsyncDisposable {
  /** `tcp://127.0.0.1:49152` */
  readonly target: string;
  /** The way in which the model runs, as text for people. */
  readonly how: string;
  /** Resolves with whether the process that was started still runs and was never restarted. */
  untouched(): Promise<boolean>;
  /** The last lines of its standard error. */
  lastWords(): string;
}

/** The folder of ml_model.py and its Dockerfile, which the demo reads and never writes. */
export const MODEL_FOLDER: string = fileURLToPath(new URL('../../model/', import.meta.url));
