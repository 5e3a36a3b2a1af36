// npbridge call: sends one array from a file to a model, and writes the answer to a file.
import { connect } from '../../model/connect.ts';
import type { GuardedOptions } from '../../model/open-guard.ts';
import { readArray } from '../files/input.ts';
import { writeArray } from '../files/output.ts';
import { npyFile } from '../options/files.ts';
import { milliseconds } from '../options/number.ts';
import { ADDRESSES, address, modelOptions } from '../options/target.ts';
import { stopping } from '../stopping/stopping.ts';
import { EXIT, type Subcommand, subcommand } from '../subcommand.ts';

/** The longest time in which a message that was begun is finished after its call has ended. */
const FINISH_MS = 10_000;

interface Positionals {
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

interface Options {
  readonly timeoutMs?: number;
  readonly model: Pick<GuardedOptions, 'codec' | 'dialect' | 'limits'>;
}

export const call: Subcommand = subcommand<Positionals, Options>({
  about: [
    `Sends the array in IN.npy to the model at TARGET, and writes the array with which the model answers to OUT.npy. ${ADDRESSES}`,
    `IN.npy and OUT.npy may be -, which is standard input or output, a FIFO or a device. OUT.npy is written beside its place and renamed
    when it is whole: until then the old file stays as it was.`,
    `On SIGINT, SIGTERM or SIGHUP it gives up, finishes a message that was begun, and ends with 128 and the signal's number.`,
  ],
  positionals: {
    target: { name: 'TARGET', value: address },
    from: { name: 'IN.npy', value: npyFile },
    to: { name: 'OUT.npy', value: npyFile },
  },
  options: {
    timeoutMs: {
      flag: 'timeout-ms',
      value: milliseconds,
      help: 'the time after which it gives up; a message that was begun is finished all the same',
      default: 'never',
    },
    model: modelOptions,
  },

  async run({ target, from, to }, { timeoutMs, model: options }) {
    using stop = stopping();
    const model = connect(target, options);
    try {
      const array = await readArray(from, stop.signal);
      const answer = await model.call(array, { timeoutMs, signal: stop.signal });
      await writeArray(to, answer, stop.signal);
      return EXIT.done;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return stop.exitCode();
    } finally {
      await model.close({ timeoutMs: FINISH_MS });
    }
  },
});
