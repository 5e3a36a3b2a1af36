// npbridge call: sends the array in a file to a model, and writes the reply to a file. If the codec carries arrays by name, the files are
// .npz archives.
import { encodeChecked } from '../../codecs/checked-messages.ts';
import { npy } from '../../codecs/npy.ts';
import { npz } from '../../codecs/npz.ts';
import { connect } from '../../model/connect.ts';
import { readArchive, readArray } from '../files/input.ts';
import { writeParts } from '../files/output.ts';
import { arrayFile } from '../options/files.ts';
import { milliseconds } from '../options/number.ts';
import { ADDRESSES, address, type ModelOptions, modelOptions } from '../options/target.ts';
import { stopping } from '../stopping/stopping.ts';
import { EXIT, type Subcommand, subcommand } from '../subcommand.ts';

/** The limit for finishing a message that was begun, after its call has ended. */
const FINISH_MS = 10_000;

interface Positionals {
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

interface Options {
  readonly timeoutMs?: number;
  readonly model: ModelOptions;
}

export const call: Subcommand = subcommand<Positionals, Options>({
  about: [
    `Sends the array in IN.npy to the model at TARGET, and writes the array with which the model answers to OUT.npy. ${ADDRESSES}`,
    `IN.npy and OUT.npy may be -, which is standard input or output, a FIFO or a device. OUT.npy is written under another name and renamed
    when it is complete: until then the old file stays as it was.`,
    `With --codec npz, which carries arrays by name, the files are .npz archives as np.savez writes them.`,
    `On SIGINT, SIGTERM or SIGHUP it stops waiting, finishes a message that was begun, and ends with 128 and the signal's number.`,
  ],
  positionals: {
    target: { name: 'TARGET', value: address },
    from: { name: 'IN.npy', value: arrayFile },
    to: { name: 'OUT.npy', value: arrayFile },
  },
  options: {
    timeoutMs: {
      flag: 'timeout-ms',
      value: milliseconds,
      help: 'the time after which it stops waiting; a message that was begun is finished all the same',
      default: 'never',
    },
    model: modelOptions,
  },

  async run({ target, from, to }, { timeoutMs, model: options }) {
    using stop = stopping();
    const model = connect(target, options);
    try {
      const carriesNames = options.codec?.request.carries === 'named arrays';
      const input = await (carriesNames ? readArchive : readArray)(from, stop.signal);
      // Casts: the compiler does not know the codec, so it does not know which arrays the codec takes and returns.
      const answer = await model.call(input as never, { timeoutMs, signal: stop.signal });
      const file = options.codec?.reply?.carries === 'named arrays' ? npz : npy;
      await writeParts(to, encodeChecked(file, answer, Number.POSITIVE_INFINITY).message, stop.signal);
      return EXIT.done;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return stop.exitCode();
    } finally {
      await model.close({ timeoutMs: FINISH_MS });
    }
  },
});
