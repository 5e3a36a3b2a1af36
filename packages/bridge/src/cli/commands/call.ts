// npbridge call: one array from a file to a model, and its answer into a file.
import { connect } from '../../model/connect.ts';
import { readArray } from '../files/input.ts';
import { writeArray } from '../files/output.ts';
import { DIALECTS, dialectOf } from '../options/dialect-option.ts';
import { LIMITS, limitsOf } from '../options/limits-option.ts';
import { stopping } from '../stopping/stopping.ts';
import { EXIT, numberOf, parse, type Subcommand } from '../subcommand.ts';

/** How long what was begun may take to be finished once nobody waits for it. */
const FINISH_MS = 10_000;

const OPTIONS = { timeout: { type: 'string' }, dialect: { type: 'string' }, ...LIMITS } as const;

export const call: Subcommand = {
  usage: `call TARGET IN.npy OUT.npy

Sends the array in IN.npy to the model at TARGET (tcp://host:port, unix:///path, unix:@name), and writes the one that it
answers to OUT.npy. Either may be -, which is standard input or output, a FIFO or a device. OUT.npy is written beside its place
and put there when it is whole: until then what was there stays as it was.

SIGINT, SIGTERM or SIGHUP: it gives up, finishes a message that was begun, and ends with 128 and the signal's number.

  --timeout MS           gives up after so many milliseconds; a message that was begun is finished all the same
  --dialect NAME         what the model speaks: ${DIALECTS}
                         (default: seed)
  --max-message-bytes N  of the reply (default: 1 GiB)
  --stall-ms MS          a reply that began has to come on, or end, in each such time (default: 10000)
  --stall-bytes N        by so many bytes (default: 1024)`,

  async run(args) {
    const { values, positionals } = parse(args, OPTIONS, ['TARGET', 'IN.npy', 'OUT.npy']);
    const [target = '', from = '', to = ''] = positionals;
    const dialect = dialectOf('--dialect', values.dialect);
    const timeout = numberOf('--timeout', values.timeout);
    const limits = limitsOf(values);
    using stop = stopping();
    const model = connect(target, { ...(dialect && { dialect }), limits });
    try {
      const array = await readArray(from, stop.signal);
      await writeArray(to, await model.call(array, { timeout, signal: stop.signal }), stop.signal);
      return EXIT.done;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return stop.exitCode();
    } finally {
      await model.close({ timeout: FINISH_MS });
    }
  },
};
