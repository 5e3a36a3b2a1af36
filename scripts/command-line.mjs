// The command lines of the benchmarks and the fuzzer: their options, or an explanation for the user in place of a run.

/** @typedef {{ readonly text: string, readonly exitCode: 0 | 2 }} Explanation the usage, or the error in the command line */

/**
 * Returns the result of `parse`, or an explanation if the arguments ask for help or are wrong.
 * @template T
 * @param {readonly string[]} args
 * @param {string} usage the text for `--help`
 * @param {(args: string[]) => T} parse throws an Error whose first sentence names the mistake
 * @returns {T | Explanation}
 */
export function parseOrExplain(args, usage, parse) {
  if (args.includes('--help')) return { text: usage, exitCode: 0 };
  try {
    return parse([...args]);
  } catch (error) {
    // The message of parseArgs continues with advice for other programs.
    const [mistake] = /** @type {Error} */ (error).message.split(/\.\s/);
    return { text: `${mistake}. --help lists the options.`, exitCode: 2 };
  }
}

/** @param {Explanation} explanation */
export function printExplanation({ text, exitCode }) {
  (exitCode === 0 ? console.log : console.error)(text);
  process.exitCode = exitCode;
}
