// The model as the demo knows it once it runs: how to call it, and how to end it.
import { fileURLToPath } from 'node:url';
import type { Model } from '@bridge/bridge';

export interface RunningModel extends AsyncDisposable {
  /** How it runs and is called, for people. */
  readonly how: string;
  connect(): Model;
  /** Whether it is the very process that was started, never restarted. */
  untouched(): boolean;
  /** The last lines of its standard error. */
  lastWords(): string;
}

/** The folder of ml_model.py and its Dockerfile, which the demo reads and never writes. */
export const MODEL_FOLDER: string = fileURLToPath(new URL('../../model/', import.meta.url));
